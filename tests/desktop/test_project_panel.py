"""The panel beside the table: README, files in plain words, dependencies, yanking (issue 6, item 1)."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService, make_file, make_snapshot, name_of

from cheeseboard.desktop.projects.project_page import read_dependencies
from cheeseboard.desktop.projects.readme import render_readme
from cheeseboard.desktop.telling.ask_dialogs import ReasonDialog
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.words.tag_words import runs_on
from cheeseboard.distributions.distribution import WarningReason
from cheeseboard.repository.snapshot import ProjectStatus


def entry(menu: QMenu, words: str) -> None:
    """Choose an entry of a menu, submenus included."""
    actions = list(menu.actions())
    for action in actions:
        submenu = action.menu()
        actions += submenu.actions() if isinstance(submenu, QMenu) else []
    next(action for action in actions if action.text() == words).trigger()


def texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def open_menu(window: MainWindow) -> QMenu:
    return next(menu for menu in window.findChildren(QMenu) if menu.isVisible())


# --- README ---------------------------------------------------------------------------------------


def test_markdown_is_rendered_and_cleaned() -> None:
    html = render_readme("# Hello\n\n*you* [x](javascript:alert(1)) <script>bad()</script>", "text/markdown")

    assert "<h1>Hello" in html
    assert "<em>you</em>" in html
    assert "<script" not in html
    assert "javascript" not in html


def test_restructured_text_is_rendered() -> None:
    assert "<strong>bold</strong>" in render_readme("Title\n=====\n\n**bold**", "text/x-rst")


def test_broken_restructured_text_is_shown_as_it_is() -> None:
    assert "<pre>" in render_readme("``unclosed\n\n.. nonsense::", "text/x-rst")


def test_plain_text_is_not_taken_for_markup() -> None:
    assert "&lt;b&gt;" in render_readme("<b>", "text/plain")


def test_pictures_are_left_out_so_that_nobody_learns_who_reads() -> None:
    html = render_readme("![badge](https://tracker.example/x.svg)", "text/markdown")
    assert "tracker.example" not in html


def test_the_readme_shows_in_its_tab(qtbot: QtBot, open_window: OpenWindow, six: MemoryService) -> None:
    six.description, six.description_type = "# Greetings\n\nfrom acme", "text/markdown"
    window = open_window(six)
    window.table.select(name_of("acme-core"))

    qtbot.waitUntil(lambda: "Greetings" in window.panel.readme.toPlainText())
    window.panel.tabs.setCurrentIndex(1)

    assert window.panel.readme.isVisible()


def test_the_document_view_loads_nothing(open_window: OpenWindow, six: MemoryService) -> None:
    view = open_window(six).panel.readme
    kind = int(QTextDocument.ResourceType.ImageResource.value)
    assert view.loadResource(kind, QUrl("file:///etc/passwd")) == ""


def test_a_link_of_a_readme_opens_only_when_clicked_and_only_on_the_web(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    view, asked = open_window(six).panel.readme, list[QUrl]()
    view.web_link_asked.connect(asked.append)

    for link in ("https://acme.example/", "file:///etc/passwd", "ftp://acme.example"):
        view.anchorClicked.emit(QUrl(link))

    assert asked == [QUrl("https://acme.example/")]


# --- files and dependencies -----------------------------------------------------------------------


def test_tags_are_said_in_plain_words() -> None:
    said = {
        "a-1-py3-none-any.whl": "any Python 3, any system",
        "a-1-py2.py3-none-any.whl": "any Python 3, any system",
        "a-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl": (
            "CPython 3.11, Linux x86-64 (glibc 2.17 or newer)"
        ),
        "a-1-cp39-abi3-win_amd64.whl": "CPython 3.9 or newer, Windows x86-64",
        "a-1-cp313-cp313t-musllinux_1_2_aarch64.whl": (
            "CPython 3.13 free-threaded, Linux ARM64 (musl 1.2 or newer)"
        ),
        "a-1-cp312-cp312-macosx_11_0_arm64.whl": "CPython 3.12, macOS 11 or newer ARM64",
        "a-1-pp310-pypy310_pp73-win_amd64.whl": "PyPy 3.10, Windows x86-64",
        "a-1.tar.gz": "Source, built on installing",
    }
    assert {name: runs_on(make_file(name)) for name in said} == said


def test_dependencies_tell_which_are_here_and_come_before_those_of_extras() -> None:
    lines = ('pytest; extra == "dev"', "Acme_Auth>=2", "requests[socks]>=2.31,<3", "???")
    found = read_dependencies(lines, {name_of("acme-auth")})

    assert [(one.name, one.is_here) for one in found] == [
        ("", False),
        ("acme-auth", True),
        ("requests", False),
        ("pytest", False),
    ]
    assert found[2].wanted == "[socks]>=2.31,<3"


def test_a_dependency_that_is_here_leads_to_its_project(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.requires = ("acme-auth>=2", "requests")
    window = open_window(six)
    window.table.select(name_of("acme-core"))
    qtbot.waitUntil(lambda: "acme-auth >=2" in window.panel.details.toPlainText())
    assert "requests · not in this repository" in window.panel.details.toPlainText()

    window.panel.details.anchorClicked.emit(QUrl("project:acme-auth"))

    assert window.panel.is_about(name_of("acme-auth"))


def test_downloads_are_told_for_package_and_file(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.download_counts = {"acme_core-7.0.0.tar.gz": 3, "acme_core-6.9.2.tar.gz": 1}
    window = open_window(six)
    window.table.select(name_of("acme-core"))

    qtbot.waitUntil(lambda: window.panel.facts.text().endswith("4\u00a0downloads"))


def test_the_lines_of_files_are_made_when_a_release_is_unfolded(
    open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.select(name_of("acme-core"))
    older = window.panel.releases.topLevelItem(1)
    assert older is not None
    assert older.childCount() == 0

    older.setExpanded(True)

    assert older.childCount() == 2


# --- what can be done -----------------------------------------------------------------------------


def test_yanking_asks_for_a_reason_and_undo_takes_it_back(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.select(name_of("data-loaders"))
    files = six.snapshot.projects[name_of("data-loaders")].files
    window.panel.releases.menu_asked.emit(files[:1], window.pos())
    entry(open_menu(window), "Yank…")
    dialog = window.findChild(ReasonDialog)
    assert dialog is not None

    dialog.reason.setText("loses rows")
    dialog.act.click()
    qtbot.waitUntil(lambda: window.notices.sentence == f"Yanked {files[0].filename}.")
    yanked = six.snapshot.find("data-loaders", files[0].filename)
    assert yanked is not None
    assert yanked.yanked == "loses rows"

    window.undo()
    qtbot.waitUntil(lambda: set(six.snapshot.projects[name_of("data-loaders")].files) == set(files))


def test_a_yank_is_taken_back_and_undo_yanks_with_the_same_reason(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    yanked = tuple(file for file in six.snapshot.files() if file.yanked == "breaks logins")

    window.decisions.unyank(yanked)
    qtbot.waitUntil(lambda: window.notices.sentence == "acme-core 6.9.1 can be installed again.")
    assert not set(yanked) & set(six.snapshot.files())

    window.undo()
    qtbot.waitUntil(lambda: set(yanked) <= set(six.snapshot.files()))


def test_a_project_is_marked_as_deprecated_from_its_menu(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.select(name_of("legacy-soap"))
    window.table.menu_asked.emit(window.pos())

    entry(open_menu(window), "Deprecated")

    project = name_of("legacy-soap")
    qtbot.waitUntil(lambda: six.snapshot.projects[project].status is ProjectStatus.DEPRECATED)
    qtbot.waitUntil(lambda: window.notices.sentence.startswith("legacy-soap is now marked as deprecated."))
    window.undo()
    qtbot.waitUntil(lambda: six.snapshot.projects[project].status is ProjectStatus.ACTIVE)


def test_the_menu_of_one_file_copies_its_hash(open_window: OpenWindow, six: MemoryService) -> None:
    window = open_window(six)
    file = six.snapshot.projects[name_of("acme-geo")].files[0]
    window.panel.releases.menu_asked.emit((file,), window.pos())

    entry(open_menu(window), "Copy SHA-256")

    assert QGuiApplication.clipboard().text() == file.sha256


def test_the_menu_of_many_rows_offers_only_what_fits_many(
    open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.selectAll()
    window.table.menu_asked.emit(window.pos())

    assert texts(open_menu(window)) == [
        "Copy install command",
        "Copy 9 files",
        "Yank…",
        "Take the yank back",
        "Status",
        "Move to the Trash",
    ]


def test_many_rows_are_moved_to_the_trash_at_once(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.selectAll()

    window.table.removal_asked.emit()

    qtbot.waitUntil(lambda: not six.snapshot.projects)
    qtbot.waitUntil(lambda: window.notices.sentence == "Moved 18 files to the Trash.")


# --- warnings -------------------------------------------------------------------------------------


def test_what_is_odd_about_a_file_is_said_at_the_file_and_in_the_details(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService
) -> None:
    odd = (WarningReason.NOT_FOR_WINDOWS, WarningReason.ARCHIVE_COMMENT)
    service.snapshot = make_snapshot(
        [make_file("odd-1.0-py3-none-any.whl", warnings=odd), make_file("odd-1.0.tar.gz")]
    )
    window = open_window(service)
    qtbot.waitUntil(lambda: "Windows" in window.panel.details.toPlainText())
    release = window.panel.releases.topLevelItem(0)
    assert release is not None
    wheel, sdist = release.child(0), release.child(1)
    assert wheel is not None
    assert sdist is not None

    spoken = wheel.data(0, Qt.ItemDataRole.AccessibleDescriptionRole)
    sentence = "It holds a file whose name Windows can't make, so it can't be installed there."
    assert sentence in spoken
    assert "comment" in spoken
    assert sentence in wheel.toolTip(0)
    tree = window.panel.releases
    heights = [tree.visualItemRect(item).height() for item in (wheel, sdist)]
    assert heights[0] == heights[1] + 36
    assert f"odd-1.0-py3-none-any.whl: {sentence}" in window.panel.details.toPlainText()


def test_without_anything_odd_there_is_no_heading_for_it(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    qtbot.waitUntil(lambda: "Dependencies" in window.panel.details.toPlainText())

    assert "Warnings" not in window.panel.details.toPlainText()


def test_the_command_says_what_it_needs_until_pip_looks_here(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.select(name_of("acme-core"))
    assert window.panel.install.command.text() == "pip install acme-core"
    assert window.panel.hint.isVisible()

    window.panel.hint.click()
    sheet = window.sides.sheet
    qtbot.waitUntil(lambda: bool(sheet.installer("pip").diffs()))
    sheet.installer("pip").apply.click()
    qtbot.waitUntil(sheet.installer("pip").undo.isVisible)
    window.escape()

    assert window.panel.install.isVisible()
    assert not window.panel.hint.isVisible()


def test_a_chosen_file_stands_on_one_ground_and_the_keyboard_s_place_is_framed(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    tree = window.panel.releases
    release = tree.topLevelItem(0)
    assert release is not None
    file = release.child(0)
    assert file is not None
    tree.setCurrentItem(file)
    line = tree.visualItemRect(file)
    tokens = window._theme.tokens

    def ground(x: int) -> set[str]:
        picture = tree.viewport().grab().toImage()
        return {picture.pixelColor(x, y).name() for y in range(line.top() + 4, line.bottom() - 3)}

    right = tree.viewport().width() - 4
    assert ground(line.left() + 2) == ground(right) == {tokens.info_ground}

    tree.setFocus()
    picture = tree.viewport().grab().toImage()
    edge = {picture.pixelColor(x, line.top() + 1).name() for x in range(60, 120)}
    assert edge == {tokens.accent}
