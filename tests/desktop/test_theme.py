"""Colours, icons and the switch between light and dark (UX.md, checks 36 and 37)."""

from dataclasses import asdict

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService, name_of

from cheeseboard.desktop.look.icons import application_icon, draw_icon, icon_path
from cheeseboard.desktop.look.theme import (
    DARK,
    DARK_CONTRAST,
    LIGHT,
    LIGHT_CONTRAST,
    Scheme,
    Theme,
    Tokens,
    Tone,
    contrast,
)
from cheeseboard.locations import resource

BOTH = pytest.mark.parametrize(
    "tokens",
    [LIGHT, DARK, LIGHT_CONTRAST, DARK_CONTRAST],
    ids=["light", "dark", "light-contrast", "dark-contrast"],
)


@pytest.mark.parametrize("tokens", [LIGHT_CONTRAST, DARK_CONTRAST], ids=["light", "dark"])
@pytest.mark.parametrize("tone", list(Tone))
def test_high_contrast_keeps_every_text_at_7_to_1(tokens: Tokens, tone: Tone) -> None:
    assert contrast(tokens.ink(tone), tokens.ground(tone)) >= 7
    assert contrast(tokens.control, tokens.base) >= 7
    assert contrast(tokens.line, tokens.window) >= 7
    assert tone is Tone.ON_ACCENT or contrast(tokens.edge(tone), tokens.window) >= 7


@BOTH
@pytest.mark.parametrize("tone", list(Tone))
def test_check_36_text_stands_out_from_its_own_ground(tokens: Tokens, tone: Tone) -> None:
    assert contrast(tokens.ink(tone), tokens.ground(tone)) >= 4.5


@BOTH
@pytest.mark.parametrize("surface", ["window", "base", "raised", "hover", "info_ground"])
def test_check_36_plain_and_muted_text_stand_out_from_every_surface(tokens: Tokens, surface: str) -> None:
    ground = asdict(tokens)[surface]
    assert contrast(tokens.text, ground) >= 4.5
    assert contrast(tokens.muted, ground) >= 4.5


@BOTH
@pytest.mark.parametrize("surface", ["window", "base", "raised"])
def test_check_36_controls_and_focus_stand_out_from_every_surface(tokens: Tokens, surface: str) -> None:
    ground = asdict(tokens)[surface]
    assert contrast(tokens.control, ground) >= 3
    assert contrast(tokens.accent, ground) >= 3


@BOTH
def test_check_36_links_stand_out_from_cards(tokens: Tokens) -> None:
    assert contrast(tokens.info, tokens.raised) >= 4.5


def test_check_37_the_theme_switches_live(
    qtbot: QtBot, light: Theme, qapp: QApplication, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    before = window.header.add.icon().pixmap(QSize(16, 16)).toImage()
    assert window.grab().toImage().pixelColor(4, 4) == QColor(LIGHT.window)

    window.choose_theme(Scheme.DARK)

    qtbot.waitUntil(lambda: window.grab().toImage().pixelColor(4, 4) == QColor(DARK.window))
    assert qapp.palette().color(QPalette.ColorRole.Text) == QColor(DARK.text)
    assert window.header.add.icon().pixmap(QSize(16, 16)).toImage() != before
    assert six.settings.theme == "dark"


def test_icons_are_tinted_and_sharp_on_every_screen_that_there_is(qapp: QApplication) -> None:
    theme = Theme(qapp, icon_path, Scheme.LIGHT, ratios=lambda: (1.0, 1.25, 3.0))
    icon = theme.icon("copy", Tone.TEXT)

    for ratio in (1, 2, 3):
        pixmap = icon.pixmap(QSize(16, 16), ratio, QIcon.Mode.Normal)
        assert pixmap.size() == QSize(16 * ratio, 16 * ratio)
        image = pixmap.toImage()
        inked = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        }
        assert inked == {theme.tokens.text}


def test_every_icon_that_is_shipped_can_be_drawn(qapp: QApplication) -> None:
    names = [path.stem for path in resource("icons/lucide").glob("*.svg")]
    assert len(names) > 20

    for name in names:
        image = draw_icon(icon_path(name), "#ff0000", QSize(16, 16), 1).toImage()
        drawn = [image.pixelColor(x, y).alpha() for x in range(16) for y in range(16)]
        assert any(drawn), name


def test_the_licence_of_the_icons_is_shipped() -> None:
    assert "ISC License" in resource("icons/lucide/LICENSE.txt").read_text("utf-8")


def test_the_application_has_its_own_icon(qapp: QApplication) -> None:
    assert QSize(256, 256) in application_icon().availableSizes()


def test_the_sizes_of_files_are_drawn_in_the_theme_of_this_moment(
    qtbot: QtBot, light: Theme, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.select(name_of("acme-core"))
    tree = window.panel.releases
    size = tree.model().index(0, 1, tree.model().index(0, 0))

    window.choose_theme(Scheme.DARK)

    def inks() -> set[str]:
        picture = tree.viewport().grab(tree.visualRect(size)).toImage()
        spots = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
        return {picture.pixelColor(x, y).name() for x, y in spots}

    qtbot.waitUntil(lambda: DARK.muted in inks())
    assert max(contrast(ink, DARK.base) for ink in inks()) >= 4.5


def test_the_pictures_beside_verdicts_follow_the_theme(
    qtbot: QtBot, light: Theme, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.explain(six.snapshot.projects[name_of("acme-core")])
    listed = window.sides.why.list.model()
    qtbot.waitUntil(lambda: listed.rowCount() > 0)

    def picture() -> QImage:
        return QIcon(listed.index(0, 0).data(Qt.ItemDataRole.DecorationRole)).pixmap(QSize(16, 16)).toImage()

    before = picture()
    window.choose_theme(Scheme.DARK)

    qtbot.waitUntil(lambda: listed.rowCount() > 0 and picture() != before)
