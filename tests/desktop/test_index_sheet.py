"""*Set as extra index*: the diff, the cautions, the result, the way back (UX.md, flow 4)."""

import threading
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import PIP_CONF, MemoryService

from cheeseboard.clients.plan import Caution, CautionReason, SecretPlace
from cheeseboard.clients.proof import Cause, tell
from cheeseboard.clients.prove import VOICE
from cheeseboard.desktop.installers.index_sheet import InstallerCard
from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.look.widgets import Button
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.words import installer_words
from cheeseboard.errors import ClientConfigError
from cheeseboard.events import ServerStateChanged
from cheeseboard.server.access.tokens import Reading
from cheeseboard.server.state import Serving


def open_sheet(qtbot: QtBot, window: MainWindow) -> InstallerCard:
    qtbot.waitUntil(window.share.index.isVisible)
    window.share.index.click()
    assert window.stage.page is window.sides.sheet
    card = window.sides.sheet.installer("pip")
    qtbot.waitUntil(lambda: not window._jobs.busy and card.waiting.isHidden())
    return card


def test_the_sheet_shows_each_line_that_will_be_written(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    card = open_sheet(qtbot, open_window(six))

    added = [line for line in card.diffs()[0].splitlines() if line.startswith("+")]
    assert added[0] == "+extra-index-url = https://127.0.0.1:8443/simple/"
    assert card.title.text() == "pip 26.3 (/usr/bin/python3)"
    assert six.pip_conf == PIP_CONF


def test_applying_says_so_and_undo_brings_the_file_back(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, opened_paths: list[Path]
) -> None:
    window = open_window(six)
    card = open_sheet(qtbot, window)

    card.apply.click()
    qtbot.waitUntil(lambda: card.result.text.text() == "pip on this computer now also looks here.")
    assert window.status.clients.text() == "pip here: extra index"
    assert six.pip_conf != PIP_CONF
    card.show_file.click()
    assert [path.name for path in opened_paths] == ["pip.conf"]

    card.undo.click()
    qtbot.waitUntil(lambda: six.pip_conf == PIP_CONF)
    qtbot.waitUntil(card.apply.isVisible)
    assert window.status.clients.text() == "pip here: not using this repository"


def apply(qtbot: QtBot, card: InstallerCard) -> None:
    card.apply.click()
    qtbot.waitUntil(card.undo.isVisible)


def test_what_was_written_is_proven_at_once_and_again_on_demand(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    card = open_sheet(qtbot, open_window(six))
    apply(qtbot, card)
    reached = (Tone.OK, "pip reached this repository over verified HTTPS.")
    qtbot.waitUntil(lambda: card.proofs() == (reached,))
    assert card.check.text() == "Check again"

    six.proof = tell(VOICE, Cause.CA_BUNDLE_OVERRIDDEN, "", "", {"REQUESTS_CA_BUNDLE": "/x.pem"})
    card.check.click()

    cause = "REQUESTS_CA_BUNDLE is set, so pip ignores our certificate."
    action = "Unset REQUESTS_CA_BUNDLE, or add our certificate to the file that it names."
    qtbot.waitUntil(lambda: card.proofs() == ((Tone.ERROR, f"{cause} {action}"),))
    assert six.proven == ["pip", "pip"]


def test_of_several_that_were_asked_each_failure_stands_alone_and_the_rest_together() -> None:
    reached = [replace(tell(VOICE, None, "", "", {}), label=f"pip 2{n} (/usr/bin/pip2{n})") for n in (3, 4)]
    failed = tell(VOICE, Cause.CA_BUNDLE_OVERRIDDEN, "", "", {"REQUESTS_CA_BUNDLE": "/x.pem"})

    said = installer_words.proofs((reached[0], replace(failed, label="pip 9 (/opt/pip)"), reached[1]))

    reached_by = "pip 23 (/usr/bin/pip23), pip 24 (/usr/bin/pip24)"
    assert [tone for tone, _ in said] == [Tone.ERROR, Tone.OK]
    assert said[0][1].startswith("pip 9 (/opt/pip): REQUESTS_CA_BUNDLE is set")
    assert said[1][1] == f"pip reached this repository over verified HTTPS: {reached_by}."


def test_the_focus_stays_in_the_card_whose_button_was_pressed(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    card = open_sheet(qtbot, window)
    card.apply.setFocus()

    QTest.keyClick(card.apply, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: card.undo.isVisible() and window.focusWidget() is card.undo)
    QTest.keyClick(card.undo, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: card.apply.isVisible() and window.focusWidget() is card.apply)


def test_nobody_needs_to_wait_for_the_proof(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.proving_gate = threading.Event()
    window = open_window(six)
    card = open_sheet(qtbot, window)
    apply(qtbot, card)
    qtbot.waitUntil(card.proving.isVisible)

    card.proving.cancel.click()
    assert not card.proving.isVisible()
    six.proving_gate.set()
    qtbot.waitUntil(lambda: not window._jobs.busy)

    assert card.proofs() == ()
    assert card.check.text() == "Check now"


def test_a_change_of_the_server_elsewhere_takes_no_proof_away(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.proving_gate = threading.Event()
    window = open_window(six)
    card = open_sheet(qtbot, window)
    apply(qtbot, card)

    looked_again = [window.use.changed, window.use.changed]  # it begins, it ends
    with qtbot.waitSignals(looked_again):
        six.bus.publish(ServerStateChanged())
    six.proving_gate.set()

    qtbot.waitUntil(lambda: len(card.proofs()) == 1)


def test_a_proof_of_what_was_undone_meanwhile_is_not_shown(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.proving_gate = threading.Event()
    window = open_window(six)
    card = open_sheet(qtbot, window)
    apply(qtbot, card)

    card.undo.click()
    qtbot.waitUntil(card.apply.isVisible)
    six.proving_gate.set()
    qtbot.waitUntil(lambda: not window._jobs.busy)

    assert card.proofs() == ()
    assert not card.proving.isVisible()


def test_check_31_requests_ca_bundle_is_named_with_a_way_out(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.cautions = (Caution(CautionReason.CA_BUNDLE_OVERRIDDEN, "REQUESTS_CA_BUNDLE"),)

    card = open_sheet(qtbot, open_window(six))

    assert card.sentences() == ("REQUESTS_CA_BUNDLE is set, so pip will ignore our certificate.",)
    (how,) = (button for button in card.findChildren(Button) if button.text() == "How to fix")
    way_out = installer_words.caution_help(six.cautions[0], "pip")
    (told,) = (one for one in card.findChildren(QLabel) if one.text() == way_out)
    assert not told.isVisible()

    how.click()

    card._use.look("pip")
    qtbot.waitUntil(lambda: not card.waiting.isVisible())
    assert told.isVisible(), "it stays open when the same is found again"
    assert "Remove REQUESTS_CA_BUNDLE from your shell" in way_out


def test_what_is_said_is_true_at_once_not_only_when_qt_has_drawn_it(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    card = open_sheet(qtbot, window)
    known = window.use.proposal("pip")
    assert known.plan is not None
    caution = Caution(CautionReason.CA_BUNDLE_OVERRIDDEN, "REQUESTS_CA_BUNDLE")

    card.show_proposal(replace(known, plan=replace(known.plan, cautions=(caution,))))
    assert len(card.sentences()) == 1
    assert len(card.diffs()) == 1
    card.show_proposal(replace(known, plan=replace(known.plan, changes=())))

    assert card.sentences() == ()
    assert card.diffs() == ()


def test_a_configuration_that_cannot_be_changed_says_why_and_is_tried_again(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    qtbot.waitUntil(window.share.index.isVisible)
    six.failure = ClientConfigError("pip.conf has a duplicate section, so pip can't read it.", "pip")
    card = open_sheet(qtbot, window)
    assert card.result.text.text() == "pip.conf has a duplicate section, so pip can't read it."
    assert not card.apply.isVisible()

    six.failure = None
    card.again.click()

    qtbot.waitUntil(card.apply.isVisible)


def test_check_30_a_file_edited_elsewhere_is_said_to_be_left_alone(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService, opened_paths: list[Path]
) -> None:
    card = open_sheet(qtbot, open_window(six))
    card.apply.click()
    qtbot.waitUntil(card.undo.isVisible)

    six.edited = True
    card.again.click()

    qtbot.waitUntil(
        lambda: card.result.text.text() == "pip.conf was changed outside Cheeseboard, so it was left alone."
    )
    assert card.show_file.text() == "Review pip.conf"
    card.show_file.click()
    assert [path.name for path in opened_paths] == ["pip.conf"]


def test_escape_closes_the_sheet(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)
    open_sheet(qtbot, window)

    QTest.keyClick(window.sides.sheet.close_button, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: window.stage.page is window.stage.splitter)


def test_the_status_line_opens_the_sheet(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)
    qtbot.waitUntil(window.status.clients.isVisible)

    window.status.clients.click()

    assert window.stage.page is window.sides.sheet


def test_every_caution_says_what_is_so_and_what_to_do_about_it() -> None:
    for reason in CautionReason:
        caution = Caution(reason, "THAT")
        said = (installer_words.caution(caution, "pip"), installer_words.caution_help(caution, "pip"))
        assert all(words.endswith(".") and "{" not in words for words in said), reason


def private(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> InstallerCard:
    six.access.reading = Reading.TOKEN
    window = open_window(six)
    qtbot.waitUntil(lambda: isinstance(six.server_state, Serving))
    window.open_sheet()
    card = window.sides.sheet.installer("pip")
    qtbot.waitUntil(card.apply.isVisible)
    return card


def test_where_a_token_is_needed_it_can_be_kept_in_the_keyring_and_back_in_a_file(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    card = private(qtbot, open_window, six)
    assert card.keyring.isVisible()
    assert not card.keyring.isChecked()

    card.keyring.setFocus()
    QTest.keyClick(card.keyring, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not card.waiting.isVisible())
    assert card.keyring.hasFocus()
    card.apply.click()
    qtbot.waitUntil(card.undo.isVisible)
    assert six.token_kept is SecretPlace.KEYRING
    assert card.keyring.isChecked()

    card.keyring.click()
    qtbot.waitUntil(card.apply.isVisible)
    assert card.apply.text() == "Write the change"
    assert card.result.text.text() == "This is not written yet."
    assert six.token_kept is SecretPlace.KEYRING


def test_where_there_is_no_keyring_the_reason_is_said_and_the_file_is_a_press_away(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.keyring_program = None
    card = private(qtbot, open_window, six)

    card.keyring.click()
    qtbot.waitUntil(lambda: "keyring: there is none" in card.result.text.text())
    card.keyring.click()

    qtbot.waitUntil(card.apply.isVisible)
    assert card.result.isHidden()


def test_where_anybody_may_read_nothing_is_said_of_keyrings(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    qtbot.waitUntil(lambda: isinstance(six.server_state, Serving))
    window.open_sheet()
    card = window.sides.sheet.installer("pip")
    qtbot.waitUntil(card.apply.isVisible)

    assert card.keyring.isHidden()
