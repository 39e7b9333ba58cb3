"""Every text is translated, German is whole, and longer words are not clipped (issue 6, item 5)."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService, name_of
from tests.desktop.translation_sources import LANGUAGES, read_translations, release, sources, ts_path

import cheeseboard.desktop
from cheeseboard.desktop.look.widgets import ElidedLabel
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.words.translations import install_translations, wants_english

BRACES = re.compile(r"\{\w+\}")
SAYING = frozenset(
    {
        "Act",
        "Button",
        "IconButton",
        "Notice",
        "addAction",
        "addItem",
        "addTab",
        "label",
        "setAccessibleName",
        "setPlaceholderText",
        "setText",
        "setToolTip",
        "setWindowTitle",
    }
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_with_its_facts(language: str) -> None:
    """Run ``python -m tests.desktop.translation_sources`` after new texts, and translate them."""
    translations = read_translations(language)
    texts = sources()
    assert len(texts) > 300

    # a sentence that another room has just added is read in English until the next round
    missing = [text for text in texts if text not in translations]
    assert len(missing) <= len(texts) // 50, missing
    wrong = [t for t in translations if sorted(BRACES.findall(t)) != sorted(BRACES.findall(translations[t]))]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_translations_are_those_of_the_source(language: str, tmp_path: Path) -> None:
    made = tmp_path / "made.qm"
    release(ts_path(language), made)
    assert made.read_bytes() == ts_path(language).with_suffix(".qm").read_bytes()


def test_no_words_are_said_without_translation() -> None:
    files = list(Path(cheeseboard.desktop.__file__).parent.rglob("*.py"))
    assert len(files) > 40

    assert [plain for path in files for plain in _plain_words(path)] == []


def _plain_words(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for argument in node.args if name in SAYING else ():
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                words = argument.value
                if " " in words or words[:1].isupper():
                    yield f"{path.name}:{node.lineno}: {words}"


def test_english_is_not_translated() -> None:
    assert wants_english(QLocale("en_GB"))
    assert wants_english(QLocale.c())
    assert not wants_english(QLocale("de_AT"))


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    translators = install_translations(qapp, QLocale("de_DE"))
    assert translators
    yield
    for translator in translators:
        QCoreApplication.removeTranslator(translator)


def test_the_window_speaks_german(german: None, open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)

    assert window.header.add.text() == "Hinzufügen …"
    assert window.share.serve.text() == "Im LAN bereitstellen"
    assert window.status.facts.text() == "6 Pakete · 18 Dateien · 942 KB · Index aktuell"


class PseudoTranslator(QTranslator):
    """Makes every text 40 % longer, with accents, and keeps the facts."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        del context, disambiguation, n
        longer = "~" * max(1, round(len(BRACES.sub("", source)) * 0.4))
        accented = "".join(
            part if BRACES.fullmatch(part) else part.translate(str.maketrans("aeouAEOU", "åéöüÅÉÖÜ"))
            for part in re.split(r"(\{\w+\})", source)
        )
        return f"{accented}{longer}"

    def isEmpty(self) -> bool:  # noqa: N802  # Qt's name
        return False


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[None]:
    translator = PseudoTranslator()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def clipped(window: MainWindow) -> list[str]:
    """Return what cannot be read whole: labels that do not shorten themselves, and buttons."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.objectName().startswith("qt_"):
            continue
        if isinstance(widget, QAbstractButton) and widget.text():
            room = widget.sizeHint().width() <= widget.width() + 1
        elif isinstance(widget, QLabel) and widget.text() and not isinstance(widget, ElidedLabel):
            wraps = widget.wordWrap()
            needed = widget.heightForWidth(widget.width()) if wraps else widget.sizeHint().height()
            wide = wraps or widget.sizeHint().width() <= widget.width() + 1
            room = wide and needed <= widget.height() + 1
        else:
            continue
        inside = _scrolls(widget) or (
            window.rect().contains(widget.mapTo(window, widget.rect().topLeft()))
            and window.rect().contains(widget.mapTo(window, widget.rect().bottomRight()))
        )
        if not room or not inside:
            found.append(widget.text())
    return found


def nothing_clipped(window: MainWindow) -> None:
    """Name what can't be read whole."""
    assert clipped(window) == []


def _scrolls(widget: QWidget) -> bool:
    """Tell whether a widget lies in something that scrolls, so that it may stand below the window's edge."""
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent is not None


OPENERS: dict[str, Callable[[MainWindow], object]] = {
    "list": lambda window: window.table.select(name_of("acme-core")),
    "sheet": lambda window: window.open_sheet(),
    "trash": lambda window: window.open_trash(),
    "foreign": lambda window: window.open_foreign(),
    "preferences": lambda window: window.open_preferences(),
    "neighbours": lambda window: window.open_neighbours(),
    "diagnostics": lambda window: window.open_diagnostics(),
    "access": lambda window: window.open_access(),
    "setup lines": lambda window: window.open_setup_lines(),
    "activity": lambda window: window.toggle_activity(),
    "upkeep": lambda window: window.open_upkeep(),
    "build log": lambda window: window.builds.show_log(),
    "why": lambda window: window.explain(next(iter(window._service.snapshot.projects.values()))),
}


@pytest.mark.parametrize("page", OPENERS)
@pytest.mark.parametrize("size", [(1040, 680), (760, 520)], ids=["wide", "narrow"])
def test_words_that_are_40_percent_longer_are_not_clipped(
    pseudo: None,
    qtbot: QtBot,
    open_window: OpenWindow,
    six: MemoryService,
    page: str,
    size: tuple[int, int],
) -> None:
    window = open_window(six)
    qtbot.waitUntil(window.share.serve.isVisible)
    window.share.serve.click()
    qtbot.waitUntil(window.share.stop.isVisible)
    window.resize(*size)
    OPENERS[page](window)
    qtbot.waitUntil(lambda: not window._jobs.busy)

    qtbot.waitUntil(lambda: nothing_clipped(window), timeout=2000)


@pytest.mark.parametrize("size", [(1040, 680), (760, 520)], ids=["wide", "narrow"])
def test_the_empty_window_is_not_clipped_either(
    pseudo: None, qtbot: QtBot, open_window: OpenWindow, service: MemoryService, size: tuple[int, int]
) -> None:
    window = open_window(service)
    qtbot.waitUntil(window.share.serve.isVisible)
    window.resize(*size)

    qtbot.waitUntil(lambda: nothing_clipped(window), timeout=1000)
