"""*Set as extra index*: the diff, the cautions, the result, the way back (UX.md, flow 4)."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import PIP_CONF, MemoryService

from cheeseboard.clients.plan import Caution, CautionReason
from cheeseboard.desktop.index_sheet import InstallerCard
from cheeseboard.desktop.main_window import MainWindow
from cheeseboard.errors import ClientConfigError


def open_sheet(qtbot: QtBot, window: MainWindow) -> InstallerCard:
    qtbot.waitUntil(window.share.index.isVisible)
    window.share.index.click()
    assert window.pages.currentWidget() is window.sides.sheet
    card = window.sides.sheet.installer("pip")
    qtbot.waitUntil(card.waiting.isHidden)
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


def test_check_31_requests_ca_bundle_is_named_with_a_way_out(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.cautions = (Caution(CautionReason.CA_BUNDLE_OVERRIDDEN, "REQUESTS_CA_BUNDLE"),)

    card = open_sheet(qtbot, open_window(six))

    assert card.sentences() == ("REQUESTS_CA_BUNDLE is set, so pip will ignore our certificate.",)


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
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    card = open_sheet(qtbot, open_window(six))
    card.apply.click()
    qtbot.waitUntil(card.undo.isVisible)

    six.edited = True
    card.again.click()

    qtbot.waitUntil(
        lambda: card.result.text.text() == "pip.conf was changed outside Cheeseboard, so it was left alone."
    )


def test_escape_closes_the_sheet(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)
    open_sheet(qtbot, window)

    QTest.keyClick(window.sides.sheet.close_button, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.splitter)


def test_the_status_line_opens_the_sheet(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)
    qtbot.waitUntil(window.status.clients.isVisible)

    window.status.clients.click()

    assert window.pages.currentWidget() is window.sides.sheet
