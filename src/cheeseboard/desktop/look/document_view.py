"""Shows clean HTML that came from a package: nothing is fetched, a link opens only when it is clicked."""

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtWidgets import QFrame, QTextBrowser

from cheeseboard.desktop.look.theme import Theme

WEB_SCHEMES = frozenset({"http", "https", "mailto"})


class DocumentView(QTextBrowser):
    """A text browser without a network: pictures and style sheets are never loaded, from disk neither."""

    web_link_asked = Signal(QUrl)
    project_asked = Signal(str)

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._html = ""
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.document().setDocumentMargin(12)
        self.document().setIndentWidth(20)
        self.anchorClicked.connect(self._on_link)
        self._dress()

    def show_html(self, markup: str) -> None:
        """Show clean HTML from its top."""
        self._html = markup
        self.setHtml(markup)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Load nothing, whatever the document names."""
        del kind, name
        return ""

    def changeEvent(self, event: QEvent) -> None:
        """Dress the document in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_html"):
            self._dress()

    def _dress(self) -> None:
        tokens = self._theme.tokens
        self.document().setDefaultStyleSheet(
            f"a {{ color: {tokens.info}; }}"
            f"pre, code, kbd, samp, tt {{ background-color: {tokens.neutral_ground}; }}"
            "h1, h2 { font-size: large; font-weight: 600; } h3, h4 { font-size: medium; font-weight: 600; }"
            "td, th { padding: 2px 16px 2px 0px; }"
            "p { margin-top: 4px; margin-bottom: 4px; }"
        )
        self.setHtml(self._html)

    def _on_link(self, url: QUrl) -> None:
        if url.scheme() == "project":
            self.project_asked.emit(url.path())
        elif url.scheme() in WEB_SCHEMES:
            self.web_link_asked.emit(url)
        elif url.hasFragment():
            self.scrollToAnchor(url.fragment())
