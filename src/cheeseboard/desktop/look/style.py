"""Fusion with our shapes, used where there is no native style: flat buttons, quiet fields and scroll bars."""

from typing import ClassVar

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import (
    QProgressBar,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionMenuItem,
    QStyleOptionProgressBar,
    QStyleOptionSlider,
    QTreeView,
    QWidget,
)

from cheeseboard.desktop.look.theme import Theme, Tokens, Tone, blend

CONTROL_HEIGHT = 34
RADIUS = 6
GAP = 8
SIDE = 14
FLAT_SIDE = 8
MENU_ITEM_HEIGHT = 30
COMBO_SIDE = 18

_State = QStyle.StateFlag


class CheeseboardStyle(QProxyStyle):
    """Draws what Fusion draws too heavily; colours come from the theme at the moment of painting."""

    _METRICS: ClassVar[dict[QStyle.PixelMetric, int]] = {
        QStyle.PixelMetric.PM_ButtonIconSize: 16,
        QStyle.PixelMetric.PM_SmallIconSize: 16,
        QStyle.PixelMetric.PM_ScrollBarExtent: 12,
        QStyle.PixelMetric.PM_ScrollBarSliderMin: 36,
        QStyle.PixelMetric.PM_SplitterWidth: 16,
        QStyle.PixelMetric.PM_IndicatorWidth: 18,
        QStyle.PixelMetric.PM_IndicatorHeight: 18,
        QStyle.PixelMetric.PM_CheckBoxLabelSpacing: 8,
        QStyle.PixelMetric.PM_ButtonShiftHorizontal: 0,
        QStyle.PixelMetric.PM_ButtonShiftVertical: 0,
        QStyle.PixelMetric.PM_MenuPanelWidth: 1,
        QStyle.PixelMetric.PM_MenuVMargin: 4,
        QStyle.PixelMetric.PM_ToolTipLabelFrameWidth: 5,
    }

    def __init__(self, theme: Theme) -> None:
        super().__init__("Fusion")
        self._theme = theme

    @property
    def _tokens(self) -> Tokens:
        return self._theme.tokens

    # --- measures ---------------------------------------------------------------------------------

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """Give our measures, else Fusion's."""
        if metric == QStyle.PixelMetric.PM_FocusFrameHMargin and isinstance(widget, QTreeView):
            return 6
        if metric == QStyle.PixelMetric.PM_HeaderMargin:
            return 7
        own = self._METRICS.get(metric)
        return own if own is not None else super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: QStyleHintReturn | None = None,  # noqa: N803  # Qt's name
    ) -> int:
        """Turn off decorations that fight with flat shapes."""
        if hint in (QStyle.StyleHint.SH_EtchDisabledText, QStyle.StyleHint.SH_UnderlineShortcut):
            return 0
        return super().styleHint(hint, option, widget, returnData)

    def sizeFromContents(
        self,
        contents: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        """Make every control 34 pixels high and give buttons their 8-pixel gap."""
        if contents == QStyle.ContentsType.CT_PushButton and isinstance(option, QStyleOptionButton):
            flat = bool(option.features & QStyleOptionButton.ButtonFeature.Flat)
            width = option.fontMetrics.horizontalAdvance(option.text) + 2 * (FLAT_SIDE if flat else SIDE)
            if not option.icon.isNull():
                width += option.iconSize.width() + GAP
            return QSize(width, CONTROL_HEIGHT)
        if contents == QStyle.ContentsType.CT_MenuItem and isinstance(option, QStyleOptionMenuItem):
            wanted = super().sizeFromContents(contents, option, size, widget)  # type: ignore[arg-type]  # as below
            return QSize(wanted.width(), MENU_ITEM_HEIGHT if option.text else wanted.height() + 4)
        if contents in (QStyle.ContentsType.CT_LineEdit, QStyle.ContentsType.CT_ComboBox):
            wanted = super().sizeFromContents(contents, option, size, widget)  # type: ignore[arg-type]  # None is fine; the stub forgot
            if contents == QStyle.ContentsType.CT_ComboBox:
                wanted.setWidth(wanted.width() + COMBO_SIDE)
            return QSize(wanted.width(), CONTROL_HEIGHT)
        return super().sizeFromContents(contents, option, size, widget)  # type: ignore[arg-type]  # None is fine; the stub forgot

    # --- shapes -----------------------------------------------------------------------------------

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw fields, tool buttons and the focus ring our way."""
        rect, state = option.rect, option.state
        match element:
            case QStyle.PrimitiveElement.PE_PanelLineEdit:
                focused = bool(state & _State.State_HasFocus)
                enabled = bool(state & _State.State_Enabled)
                edge = (
                    self._tokens.accent if focused else self._tokens.control if enabled else self._tokens.line
                )
                self._box(painter, rect, self._tokens.base, edge, 2.0 if focused else 1.0)
            case QStyle.PrimitiveElement.PE_PanelItemViewItem | QStyle.PrimitiveElement.PE_PanelItemViewRow:
                self._item_panel(painter, rect, state)
            case QStyle.PrimitiveElement.PE_IndicatorCheckBox:
                self._check_box(painter, rect, state)
            case QStyle.PrimitiveElement.PE_PanelButtonTool:
                self._tool_panel(painter, rect, state)
            case QStyle.PrimitiveElement.PE_FrameFocusRect:
                painter.save()
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(QColor(self._tokens.accent), 2))
                painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), RADIUS - 1, RADIUS - 1)
                painter.restore()
            case _:
                super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw push buttons, progress bars and splitters our way."""
        if element == QStyle.ControlElement.CE_PushButton and isinstance(option, QStyleOptionButton):
            self._button_panel(painter, option)
            self._button_label(painter, option, widget)
        elif element == QStyle.ControlElement.CE_ProgressBar and isinstance(option, QStyleOptionProgressBar):
            self._progress(painter, option, widget)
        elif element == QStyle.ControlElement.CE_Splitter:
            self._grip(painter, option.rect)
        elif element == QStyle.ControlElement.CE_HeaderSection:
            painter.fillRect(option.rect, QColor(self._tokens.window))
            self._line_below(painter, option.rect)
        elif element == QStyle.ControlElement.CE_ComboBoxLabel and isinstance(option, QStyleOptionComboBox):
            painter.setPen(option.palette.color(QPalette.ColorRole.ButtonText))
            room = option.rect.adjusted(12, 0, -28, 0)
            text = option.fontMetrics.elidedText(
                option.currentText, Qt.TextElideMode.ElideRight, room.width()
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        elif element in (QStyle.ControlElement.CE_HeaderLabel, QStyle.ControlElement.CE_ItemViewItem):
            self._quiet_text(element, option, painter, widget)
        else:
            super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw scroll bars as a quiet rounded thumb, choices as a field with a chevron."""
        if control == QStyle.ComplexControl.CC_ComboBox:
            self._combo_box(painter, option, widget)
            return
        if control != QStyle.ComplexControl.CC_ScrollBar or not isinstance(option, QStyleOptionSlider):
            super().drawComplexControl(control, option, painter, widget)
            return
        thumb = QRectF(self.subControlRect(control, option, QStyle.SubControl.SC_ScrollBarSlider, widget))
        over = bool(option.state & (_State.State_MouseOver | _State.State_Sunken))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(option.rect, QColor(self._tokens.window))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._tokens.muted if over else self._tokens.control))
        painter.drawRoundedRect(thumb.adjusted(3, 3, -3, -3), 3, 3)
        painter.restore()

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        element: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Give scroll bars no arrows, so the thumb has the whole length."""
        if control != QStyle.ComplexControl.CC_ScrollBar or not isinstance(option, QStyleOptionSlider):
            return super().subControlRect(control, option, element, widget)  # type: ignore[arg-type]  # None is fine; the stub forgot
        part = QStyle.SubControl
        if element in (part.SC_ScrollBarAddLine, part.SC_ScrollBarSubLine):
            return QRect()
        if element not in (part.SC_ScrollBarSlider, part.SC_ScrollBarAddPage, part.SC_ScrollBarSubPage):
            return option.rect
        return _scroll_part(self, option, element)

    # --- details ----------------------------------------------------------------------------------

    def _box(self, painter: QPainter, rect: QRect, fill: str | QColor, edge: str, width: float) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(edge), width))
        painter.setBrush(QColor(fill))
        inset = width / 2
        painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
        painter.restore()

    def _combo_box(self, painter: QPainter, option: QStyleOptionComplex, widget: QWidget | None) -> None:
        focused = bool(option.state & _State.State_HasFocus)
        fill = self._tokens.hover if option.state & _State.State_MouseOver else self._tokens.base
        edge = self._tokens.accent if focused else self._tokens.control
        self._box(painter, option.rect, fill, edge, 2.0 if focused else 1.0)
        ratio = widget.devicePixelRatioF() if widget is not None else 1.0
        chevron = self._theme.pixmap("chevron-down", Tone.MUTED, 16, ratio)
        painter.drawPixmap(QRect(option.rect.right() - 25, option.rect.center().y() - 7, 16, 16), chevron)

    def _check_box(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        checked = bool(state & _State.State_On)
        fill = self._tokens.accent if checked else self._tokens.base
        self._box(painter, rect, fill, self._tokens.accent if checked else self._tokens.control, 1.0)
        if checked:
            painter.drawPixmap(rect, self._theme.pixmap("check", Tone.ON_ACCENT, rect.width(), 3.0))

    def _item_panel(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        if state & _State.State_Selected:
            painter.fillRect(rect, QColor(self._tokens.info_ground))
        elif state & _State.State_MouseOver:
            painter.fillRect(rect, QColor(self._tokens.hover))

    def _line_below(self, painter: QPainter, rect: QRect) -> None:
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(self._tokens.line))

    def _quiet_text(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None,
    ) -> None:
        """Draw headers in muted words, and selected items in the words' own colour on their quiet ground."""
        palette = QPalette(option.palette)
        palette.setColor(QPalette.ColorRole.ButtonText, QColor(self._tokens.muted))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(self._tokens.text))
        option.palette = palette
        option.state &= ~_State.State_HasFocus
        super().drawControl(element, option, painter, widget)

    def _tool_panel(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        down = bool(state & (_State.State_Sunken | _State.State_On))
        if not (down or (state & _State.State_MouseOver and state & _State.State_Enabled)):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._tokens.line if down else self._tokens.neutral_ground))
        painter.drawRoundedRect(QRectF(rect), RADIUS, RADIUS)
        painter.restore()

    def _button_panel(self, painter: QPainter, option: QStyleOptionButton) -> None:
        tokens = self._tokens
        state = option.state
        down, over = bool(state & _State.State_Sunken), bool(state & _State.State_MouseOver)
        flat = bool(option.features & QStyleOptionButton.ButtonFeature.Flat)
        if _is_primary(option):
            fill = blend(tokens.accent, tokens.text, 0.85 if down else 0.93 if over else 1.0)
            edge = fill.name()
        elif flat and not (down or over):
            fill, edge = QColor(Qt.GlobalColor.transparent), ""
        else:
            fill = QColor(tokens.line if down else tokens.hover if over else tokens.raised)
            edge = "" if flat else tokens.control if state & _State.State_Enabled else tokens.line
        rect: QRect = option.rect
        if edge:
            self._box(painter, rect, fill, edge, 1.0)
        elif fill.alpha():
            self._box(painter, rect, fill, fill.name(), 1.0)
        if state & _State.State_HasFocus and state & _State.State_KeyboardFocusChange:
            ring = tokens.on_accent if _is_primary(option) else tokens.accent
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(ring), 2))
            inset = 3.0 if _is_primary(option) else 1.0
            painter.drawRoundedRect(
                QRectF(rect).adjusted(inset, inset, -inset, -inset), RADIUS - 1, RADIUS - 1
            )
            painter.restore()

    def _button_label(self, painter: QPainter, option: QStyleOptionButton, widget: QWidget | None) -> None:
        enabled = bool(option.state & _State.State_Enabled)
        rect: QRect = option.rect
        icon: QIcon = option.icon
        text: str = option.text
        icon_width = 0 if icon.isNull() else option.iconSize.width()
        gap = GAP if icon_width and text else 0
        text_width = option.fontMetrics.horizontalAdvance(text)
        left = rect.left() + max(SIDE // 2, (rect.width() - icon_width - gap - text_width) // 2)
        if icon_width:
            place = QRect(left, rect.center().y() - icon_width // 2 + 1, icon_width, icon_width)
            ratio = widget.devicePixelRatioF() if widget is not None else 1.0
            mode = QIcon.Mode.Normal if enabled else QIcon.Mode.Disabled
            painter.drawPixmap(place, icon.pixmap(QSize(icon_width, icon_width), ratio, mode))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        if not self.styleHint(QStyle.StyleHint.SH_UnderlineShortcut, option, widget):
            flags |= Qt.TextFlag.TextHideMnemonic
        palette = QPalette(option.palette)
        if _is_primary(option):
            palette.setColor(QPalette.ColorRole.ButtonText, self._theme.ink(Tone.ON_ACCENT))
        room = QRect(
            left + icon_width + gap, rect.top(), rect.right() - left - icon_width - gap, rect.height()
        )
        self.drawItemText(painter, room, int(flags), palette, enabled, text, QPalette.ColorRole.ButtonText)

    def _progress(self, painter: QPainter, option: QStyleOptionProgressBar, widget: QWidget | None) -> None:
        rect = QRectF(option.rect)
        groove = QRectF(rect.left(), rect.center().y() - 3, rect.width(), 6)
        low, high, value = option.minimum, option.maximum, option.progress
        share, start = (value - low) / (high - low) if high > low else 0.35, 0.0
        if high <= low and isinstance(widget, QProgressBar):
            phase = widget.property("phase")
            start = (float(phase) if phase is not None else 0.0) * (1 - share)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        clip = QPainterPath()
        clip.addRoundedRect(groove, 3, 3)
        painter.fillPath(clip, blend(self._tokens.control, self._tokens.window, 0.45))
        painter.setClipPath(clip)
        bar = QRectF(groove.left() + groove.width() * start, groove.top(), groove.width() * share, 6)
        painter.setBrush(QColor(self._tokens.accent))
        painter.drawRoundedRect(bar, 3, 3)
        painter.restore()

    def _grip(self, painter: QPainter, rect: QRect) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._tokens.control))
        centre = QRectF(rect).center()
        for step in (-6, 0, 6):
            painter.drawEllipse(QRectF(centre.x() - 1.5, centre.y() + step - 1.5, 3, 3))
        painter.restore()


def _is_primary(option: QStyleOptionButton) -> bool:
    enabled = bool(option.state & _State.State_Enabled)
    return enabled and bool(option.features & QStyleOptionButton.ButtonFeature.DefaultButton)


def _scroll_part(style: QStyle, option: QStyleOptionSlider, element: QStyle.SubControl) -> QRect:
    rect: QRect = option.rect
    upright = option.orientation == Qt.Orientation.Vertical
    length = rect.height() if upright else rect.width()
    low, high, page = option.minimum, option.maximum, option.pageStep
    least = style.pixelMetric(QStyle.PixelMetric.PM_ScrollBarSliderMin)
    thumb = length if high <= low else max(least, length * page // (high - low + page))
    thumb = min(thumb, length)
    start = QStyle.sliderPositionFromValue(
        low,
        high,
        option.sliderPosition,
        length - thumb,
        option.upsideDown,
    )
    match element:
        case QStyle.SubControl.SC_ScrollBarSlider:
            begin, extent = start, thumb
        case QStyle.SubControl.SC_ScrollBarSubPage:
            begin, extent = 0, start
        case _:
            begin, extent = start + thumb, length - start - thumb
    if upright:
        return QRect(rect.left(), rect.top() + begin, rect.width(), extent)
    return QRect(rect.left() + begin, rect.top(), extent, rect.height())
