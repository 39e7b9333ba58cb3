"""Names, summaries, reasons and READMEs come from strangers: none of them is ever taken for markup."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6 import QtGui
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListView, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService, make_file, make_snapshot, name_of

import cheeseboard.desktop
from cheeseboard.desktop.look.widgets import plain_tip
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.server.access.tokens import TokenScope

HOSTILE = '<b>bold</b><img src="file:///etc/passwd"><a href="https://evil.example">click</a>'


def is_markup(text: str) -> bool:
    """Tell whether Qt would show this as rich text."""
    return bool(QtGui.Qt.mightBeRichText(text))


@pytest.mark.parametrize(
    "text", [HOSTILE, "<?xml version='1.0'?>", "see &lt;b&gt;", "<!DOCTYPE html>", "\n<i>", "a<br>b", "< b >"]
)
def test_a_tooltip_is_shown_letter_by_letter(text: str) -> None:
    assert not is_markup(plain_tip(text))
    assert plain_tip(text).replace("\u200b", "") == text


def test_ordinary_words_in_a_tooltip_stay_as_they_are() -> None:
    assert plain_tip("acme_core-7.0.0-py3-none-any.whl & more") == "acme_core-7.0.0-py3-none-any.whl & more"


def test_every_tooltip_goes_the_plain_way() -> None:
    files = list(Path(cheeseboard.desktop.__file__).parent.rglob("*.py"))
    calls = [(path, call) for path in files for call in _tooltips(path)]

    assert len(calls) > 15
    assert [f"{path.name}:{call.lineno}" for path, call in calls if not _is_plain(call.args[-1])] == []


def _tooltips(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "setToolTip":
            yield node


def _is_plain(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Call) and getattr(argument.func, "id", "") == "plain_tip"


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, service: MemoryService) -> MainWindow:
    """A package whose every word is markup, with a token of such a name."""
    service.snapshot = make_snapshot(
        [
            make_file("acme-1.0-py3-none-any.whl", summary=HOSTILE),
            make_file("acme-0.9.tar.gz", summary=HOSTILE, yanked=HOSTILE),
            make_file("other-1.0-py3-none-any.whl", summary=HOSTILE, yanked=HOSTILE),
        ]
    )
    service.access.create(HOSTILE, scope=TokenScope.READ)
    window = open_window(service)
    window.table.select(name_of("acme"))
    window.panel.releases.expandAll()
    return window


def test_nothing_that_is_shown_takes_strangers_words_for_markup(qtbot: QtBot, window: MainWindow) -> None:
    window.removal.remove(window._service.snapshot.projects[name_of("acme")].files[1:])
    qtbot.waitUntil(lambda: bool(window.notices.sentence))
    window.toggle_activity()
    seen: list[QWidget] = []
    steps: tuple[Callable[[], object], ...] = (
        lambda: window.table.select(name_of("other")),
        window.table.selectAll,
        window.open_trash,
        window.open_access,
        lambda: window.explain(window._service.snapshot.projects[name_of("acme")]),
    )
    for show in steps:
        show()
        qtbot.waitUntil(lambda: not window._jobs.busy)
        assert [one.text() for one in window.findChildren(QLabel) if _interprets(one)] == []
        assert [one for one in window.findChildren(QWidget) if is_markup(one.toolTip())] == []
        views = window.findChildren(QAbstractItemView)
        assert [tip for view in views for tip in _tips(view) if is_markup(tip)] == []
        seen += views
    assert seen


def _interprets(one: QLabel) -> bool:
    return one.textFormat() != Qt.TextFormat.PlainText and is_markup(one.text())


def _tips(view: QAbstractItemView) -> Iterator[str]:
    model = view.model()
    columns = 1 if isinstance(view, QListView) else 5
    parents = [QModelIndex()]
    while parents and model is not None:
        parent = parents.pop()
        for row in range(model.rowCount(parent)):
            for column in range(columns):
                yield str(model.index(row, column, parent).data(Qt.ItemDataRole.ToolTipRole) or "")
            if not isinstance(view, QListView):
                parents.append(model.index(row, 0, parent))
