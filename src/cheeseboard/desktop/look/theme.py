"""The one place with colours: design tokens, the palettes made of them, the switch between light and dark."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from cheeseboard.desktop.look.icons import draw_icon


class Scheme(StrEnum):
    """What the user chose; the values are those of the settings."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Tone(StrEnum):
    """What a colour says; icons, badges and bars are asked for by tone, never by colour."""

    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    ON_ACCENT = "on-accent"
    NEUTRAL = "neutral"
    INFO = "info"
    OK = "ok"
    WARN = "warn"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one scheme, as "#rrggbb"; ``<tone>_ground`` lies under ``<tone>``."""

    window: str
    base: str
    raised: str
    hover: str
    text: str
    muted: str
    line: str
    control: str
    accent: str
    on_accent: str
    neutral_ground: str
    ok: str
    ok_ground: str
    warn: str
    warn_ground: str
    error: str
    error_ground: str
    info: str
    info_ground: str

    def ink(self, tone: Tone) -> str:
        """Return the colour of text and icons of this tone."""
        return {
            Tone.TEXT: self.text,
            Tone.MUTED: self.muted,
            Tone.NEUTRAL: self.muted,
            Tone.ACCENT: self.accent,
            Tone.ON_ACCENT: self.on_accent,
            Tone.INFO: self.info,
            Tone.OK: self.ok,
            Tone.WARN: self.warn,
            Tone.ERROR: self.error,
        }[tone]

    def ground(self, tone: Tone) -> str:
        """Return the colour that lies under text of this tone in badges and bars."""
        return {
            Tone.TEXT: self.neutral_ground,
            Tone.MUTED: self.neutral_ground,
            Tone.NEUTRAL: self.neutral_ground,
            Tone.ACCENT: self.base,
            Tone.ON_ACCENT: self.accent,
            Tone.INFO: self.info_ground,
            Tone.OK: self.ok_ground,
            Tone.WARN: self.warn_ground,
            Tone.ERROR: self.error_ground,
        }[tone]

    def edge(self, tone: Tone) -> str:
        """Return the edge of what lies on a tone's ground; for those who need more, as strong as its text."""
        strong = self.line == self.text
        return self.ink(tone) if strong else blend(self.ink(tone), self.ground(tone), 0.3).name()


LIGHT = Tokens(
    window="#f6f7f9",
    base="#ffffff",
    raised="#ffffff",
    hover="#f0f2f5",
    text="#1b1f24",
    muted="#57606a",
    line="#d5dae1",
    control="#818b98",
    accent="#1f6feb",
    on_accent="#ffffff",
    neutral_ground="#e8ebef",
    ok="#1a7f37",
    ok_ground="#dafbe1",
    warn="#7d4e00",
    warn_ground="#fff3d1",
    error="#b42318",
    error_ground="#ffe4e1",
    info="#0b5cad",
    info_ground="#ddf0ff",
)
DARK = Tokens(
    window="#16191d",
    base="#1c2025",
    raised="#23282e",
    hover="#2b3138",
    text="#e8ebef",
    muted="#a2acb8",
    line="#363d46",
    control="#6e7681",
    accent="#4c9aff",
    on_accent="#0b1421",
    neutral_ground="#2f363e",
    ok="#56d364",
    ok_ground="#12351d",
    warn="#f2c14e",
    warn_ground="#3a2d0b",
    error="#ff8e82",
    error_ground="#45191a",
    info="#79c0ff",
    info_ground="#10304f",
)
# For those who need more: every text at 7:1 or better, every edge as strong as text.
LIGHT_CONTRAST = replace(
    LIGHT,
    window="#ffffff",
    hover="#e6e6e6",
    text="#000000",
    muted="#303030",
    line="#000000",
    control="#000000",
    accent="#0033a0",
    neutral_ground="#ffffff",
    ok="#00450f",
    ok_ground="#ffffff",
    warn="#4d3000",
    warn_ground="#ffffff",
    error="#7a0b00",
    error_ground="#ffffff",
    info="#002f6c",
    info_ground="#d9e8ff",
)
DARK_CONTRAST = replace(
    DARK,
    window="#000000",
    base="#000000",
    raised="#000000",
    hover="#262626",
    text="#ffffff",
    muted="#e0e0e0",
    line="#ffffff",
    control="#ffffff",
    accent="#8fc7ff",
    on_accent="#000000",
    neutral_ground="#000000",
    ok="#7dff8f",
    ok_ground="#000000",
    warn="#ffe08a",
    warn_ground="#000000",
    error="#ffb3ab",
    error_ground="#000000",
    info="#a8d8ff",
    info_ground="#00264d",
)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two "#rrggbb" colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def make_palette(tokens: Tokens) -> QPalette:
    """Return the Qt palette of these tokens; muted text is the role ``PlaceholderText``."""
    palette = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.base,
        role.AlternateBase: tokens.hover,
        role.Text: tokens.text,
        role.PlaceholderText: tokens.muted,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.error,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.info,
        role.LinkVisited: tokens.info,
        role.Light: tokens.raised,
        role.Midlight: tokens.hover,
        role.Mid: tokens.line,
        role.Dark: tokens.control,
        role.Shadow: tokens.line,
    }
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for name in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(disabled, name, blend(tokens.muted, tokens.window, 0.55))
    palette.setColor(disabled, role.Highlight, QColor(tokens.line))
    return palette


def blend(front: str, back: str, share: float) -> QColor:
    """Return ``share`` of ``front`` laid over ``back``."""
    one, two = QColor(front), QColor(back)
    pairs = ((one.red(), two.red()), (one.green(), two.green()), (one.blue(), two.blue()))
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in pairs)
    return QColor(red, green, blue)


def screen_ratios() -> list[float]:
    """Return the pixels to a point of every screen."""
    return [screen.devicePixelRatio() for screen in QGuiApplication.screens()]


def system_wants_contrast(application: QApplication) -> bool:
    """Tell whether the desktop is set to high contrast, where Qt (6.10 and newer) knows."""
    hints = application.styleHints()
    if not hasattr(hints, "accessibility"):
        return False
    return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


class Theme(QObject):
    """Holds which tokens are in force and paints the application with them.

    Widgets ask it for colours by tone while they paint; palette changes reach them as Qt's own
    ``PaletteChange`` events, so nothing has to be restarted to switch.
    """

    changed = Signal()

    def __init__(
        self,
        application: QApplication,
        icon_path: Callable[[str], Path],
        scheme: Scheme = Scheme.AUTO,
        ratios: Callable[[], Iterable[float]] | None = None,
    ) -> None:
        """Paint the application.

        Args:
            application: What is painted.
            icon_path: Tells where the icon of a name lies.
            scheme: What the user chose.
            ratios: Tells how many pixels make a point on the screens that there are.
        """
        super().__init__()
        self._ratios = ratios or screen_ratios
        self._application = application
        self._icon_path = icon_path
        self._scheme = scheme
        self._tokens = self._wanted()
        self._mix()
        self._pixmaps: dict[tuple[str, str, int, int], QPixmap] = {}
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_changed)
        if hasattr(hints, "accessibility"):  # Qt 6.10 and newer
            hints.accessibility().contrastPreferenceChanged.connect(self._on_system_changed)
        self._application.setPalette(make_palette(self._tokens))
        # Icons are drawn for the screens that there are: a sharper one may be plugged in.
        application.screenAdded.connect(self._draw_anew)

    @property
    def scheme(self) -> Scheme:
        """What the user chose."""
        return self._scheme

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return self._tokens

    def choose(self, scheme: Scheme) -> None:
        """Switch at once; every widget is told by Qt."""
        self._scheme = scheme
        self._apply()

    def ink(self, tone: Tone) -> QColor:
        """Return the colour of text and icons of this tone."""
        return QColor(self._inks[tone])

    def ground(self, tone: Tone) -> QColor:
        """Return the colour under text of this tone."""
        return QColor(self._grounds[tone])

    def icon(self, name: str, tone: Tone = Tone.TEXT, size: int = 16) -> QIcon:
        """Return a tinted Lucide icon with a disabled form, sharp on every screen that there is."""
        icon = QIcon()
        faded = blend(self._tokens.muted, self._tokens.window, 0.55).name()
        for ratio in sorted({1, *map(math.ceil, self._ratios())}):
            for mode, colour in ((QIcon.Mode.Normal, self._tokens.ink(tone)), (QIcon.Mode.Disabled, faded)):
                icon.addPixmap(self._drawn(name, colour, size, ratio), mode)
        return icon

    def pixmap(self, name: str, tone: Tone, size: int, ratio: float) -> QPixmap:
        """Return a tinted Lucide icon for painting on a device of this pixel ratio."""
        return self._drawn(name, self._tokens.ink(tone), size, math.ceil(ratio))

    def _drawn(self, name: str, colour: str, size: int, ratio: int) -> QPixmap:
        key = (name, colour, size, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = draw_icon(self._icon_path(name), colour, QSize(size, size), ratio)
        return self._pixmaps[key]

    def _wanted(self) -> Tokens:
        match self._scheme:
            case Scheme.LIGHT:
                return LIGHT
            case Scheme.DARK:
                return DARK
            case Scheme.AUTO if system_wants_contrast(self._application):
                return DARK_CONTRAST if self._system_is_dark() else LIGHT_CONTRAST
            case Scheme.AUTO:
                return DARK if self._system_is_dark() else LIGHT
            case Scheme.CONTRAST:
                return DARK_CONTRAST if self._system_is_dark() else LIGHT_CONTRAST
            case _:
                assert_never(self._scheme)

    def _system_is_dark(self) -> bool:
        return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark

    def _on_system_changed(self) -> None:
        if self._scheme in (Scheme.AUTO, Scheme.CONTRAST):
            self._apply()

    def _draw_anew(self) -> None:
        for widget in self._application.allWidgets():
            QApplication.sendEvent(widget, QEvent(QEvent.Type.PaletteChange))

    def _mix(self) -> None:
        """Make the colours once, not at every stroke of every cell."""
        self._inks = {tone: QColor(self._tokens.ink(tone)) for tone in Tone}
        self._grounds = {tone: QColor(self._tokens.ground(tone)) for tone in Tone}

    def _apply(self) -> None:
        self._tokens = self._wanted()
        self._mix()
        self._application.setPalette(make_palette(self._tokens))
        self.changed.emit()
