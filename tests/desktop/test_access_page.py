"""*Who may publish and read*: tokens made, shown once, revoked; the reading rule."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService

from cheeseboard.desktop.sharing.access_page import AccessPage
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.errors import AccessError
from cheeseboard.events import AccessChanged
from cheeseboard.server.access.tokens import Reading, TokenScope


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> MainWindow:
    window = open_window(six)
    window.open_access()
    qtbot.waitUntil(lambda: not window._jobs.busy)
    return window


def page(window: MainWindow) -> AccessPage:
    return window.sides.access


def make(qtbot: QtBot, window: MainWindow, name: str) -> None:
    page(window).new.name.setText(name)
    QTest.keyClick(page(window).new.name, Qt.Key.Key_Return)
    qtbot.waitUntil(page(window).secret.isVisible)
    qtbot.waitUntil(lambda: not window._jobs.busy)


def names(window: MainWindow) -> list[str]:
    items = (page(window).list.topLevelItem(at) for at in range(page(window).list.topLevelItemCount()))
    return [item.text(0) for item in items if item is not None]


def test_a_token_is_made_as_wished_and_its_secret_copied(
    qtbot: QtBot, window: MainWindow, six: MemoryService
) -> None:
    assert not page(window).new.asked.isEnabled()
    page(window).new.scope.setCurrentIndex(page(window).new.scope.findData(TokenScope.PUBLISH.value))
    page(window).new.projects.setText("acme-core, Acme_Geo,")
    page(window).new.lifetime.setCurrentIndex(page(window).new.lifetime.findData(90))
    make(qtbot, window, "build server")

    page(window).secret.copy.click()

    (token,) = six.access.kept
    assert (token.scope, token.projects) == (TokenScope.PUBLISH, ("acme-core", "acme-geo"))
    assert token.expires is not None
    assert QGuiApplication.clipboard().text() == "cheeseboard-build server-secret"
    assert names(window) == ["build server"]


def test_the_secret_is_gone_when_the_page_is_left(qtbot: QtBot, window: MainWindow) -> None:
    make(qtbot, window, "Bob")
    assert page(window).secret.text.text() == "cheeseboard-Bob-secret"

    page(window).close_button.click()
    window.open_access()

    assert not page(window).secret.isVisible()
    assert page(window).secret.text.text() == ""


def test_revoking_asks_first_and_then_the_token_is_gone(
    qtbot: QtBot, window: MainWindow, six: MemoryService
) -> None:
    for name in ("Ada", "Bob"):
        make(qtbot, window, name)
    item = page(window).list.topLevelItem(1)
    assert item is not None
    page(window).list.setCurrentItem(item)
    page(window).ask_to_revoke().cancel.click()
    assert len(six.access.kept) == 2

    page(window).ask_to_revoke().act.click()

    qtbot.waitUntil(lambda: [token.name for token in six.access.kept] == ["Ada"])
    qtbot.waitUntil(lambda: window.notices.sentence == "Revoked Bob.")
    qtbot.waitUntil(lambda: names(window) == ["Ada"])


def test_a_name_that_is_taken_is_told_in_words(qtbot: QtBot, window: MainWindow) -> None:
    make(qtbot, window, "Ada")
    page(window).new.name.setText("Ada")
    page(window).new.asked.click()

    qtbot.waitUntil(lambda: window.notices.sentence.startswith('There is a token named "Ada" already.'))
    assert page(window).new.name.text() == "Ada"


def test_reading_is_made_private_and_public_again(
    qtbot: QtBot, window: MainWindow, six: MemoryService
) -> None:
    page(window).private.click()
    qtbot.waitUntil(lambda: six.access.reading is Reading.TOKEN)
    qtbot.waitUntil(lambda: window.notices.sentence.startswith("Reading needs a token now."))

    page(window).private.click()

    qtbot.waitUntil(lambda: six.access.reading is Reading.ANYBODY)


def test_a_rule_that_cannot_be_written_is_shown_as_it_is(
    qtbot: QtBot, window: MainWindow, six: MemoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(six.access, "failure", AccessError("The tokens can't be written."))

    page(window).private.click()

    qtbot.waitUntil(lambda: window.notices.sentence == "The tokens can't be written.")
    assert not page(window).private.isChecked()


def test_what_another_process_changed_is_shown(qtbot: QtBot, window: MainWindow, six: MemoryService) -> None:
    assert names(window) == ["No token yet"]
    six.access.create("Eve", scope=TokenScope.READ)

    six.bus.publish(AccessChanged())

    qtbot.waitUntil(lambda: names(window) == ["Eve"])
