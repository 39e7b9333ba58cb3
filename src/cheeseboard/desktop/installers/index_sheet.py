"""*Set as extra index*: each installer on this computer, the exact change to its file, and the way back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cheeseboard.clients.plan import Caution, ClientState, FileChange, Plan, SecretPlace
from cheeseboard.desktop.installers.collision_check import CollisionCard, CollisionCheck
from cheeseboard.desktop.installers.diff_view import DiffView
from cheeseboard.desktop.installers.installer_use import InstallerUse, Proposal
from cheeseboard.desktop.look.said_card import SaidCard
from cheeseboard.desktop.look.theme import Theme, Tone
from cheeseboard.desktop.look.widgets import BusyBar, Button, Card, ElidedLabel, IconButton, Picture, label
from cheeseboard.desktop.words import installer_words
from cheeseboard.desktop.words.translate import tr


class IndexSheet(QWidget):
    """A page in the list's place; drops, search and the share card go on working beside it."""

    closed = Signal()

    def __init__(
        self, use: InstallerUse, check: CollisionCheck, theme: Theme, open_path: Callable[[Path], None]
    ) -> None:
        super().__init__()
        self._use = use
        self._theme = theme
        self._open_path = open_path
        self._installers: dict[str, InstallerCard] = {}
        self.close_button = IconButton(tr("Back to the packages"), "arrow-left", theme)
        self.close_button.clicked.connect(self.closed)
        self.names = CollisionCard(check, theme, installer_words.collision())
        check.found.connect(self._on_found)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(12)
        self._arrange()
        use.changed.connect(self._on_changed)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.close_button)
        top.addWidget(label(tr("Set as extra index"), factor=1.5, bold=True), 1)
        about = label(
            tr(
                "Installers on this computer will look here, too. You see every line before it is written; "
                "Undo brings each file back byte for byte."
            ),
            muted=True,
        )
        about.setWordWrap(True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(12)
        column.addWidget(about)
        column.addWidget(self.names)
        column.addWidget(Questions(installer_words.index_questions(), self._theme))
        column.addLayout(self._cards)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(top)
        whole.addWidget(scroll, 1)

    def refresh(self) -> None:
        """Work out what would change, for every installer known."""
        for state in self._use.states():
            if state.tool not in self._installers:
                card = InstallerCard(state.tool, self._use, self._theme, self._open_path)
                self._installers[state.tool] = card
                self._cards.addWidget(card)
            self._use.look(state.tool)

    def _on_found(self) -> None:
        """What an installer would take from elsewhere belongs to its cautions."""
        if self.isVisible():
            self.refresh()

    def installer(self, tool: str) -> "InstallerCard":
        """Return the card of one installer."""
        return self._installers[tool]

    def _on_changed(self, tool: str) -> None:
        card = self._installers.get(tool)
        if card is not None:
            card.show_proposal(self._use.proposal(tool))


class Questions(QWidget):
    """What people ask first: a press shows the answer, another takes it away."""

    def __init__(self, pairs: tuple[tuple[str, str], ...], theme: Theme) -> None:
        super().__init__()
        self.answer = SaidCard(theme)
        self.buttons: list[Button] = []
        self._shown = ""
        line = QHBoxLayout()
        line.setSpacing(8)
        for question, answer in pairs:
            button = Button(question, "circle-question-mark", theme)
            button.setFlat(True)
            button.clicked.connect(partial(self._show, answer))
            self.buttons.append(button)
            line.addWidget(button)
        line.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addLayout(line)
        whole.addWidget(self.answer)

    def _show(self, answer: str) -> None:
        if answer == self._shown and not self.answer.isHidden():
            self.answer.hide()
            return
        self._shown = answer
        self.answer.say(Tone.INFO, answer)


class InstallerCard(Card):
    """One installer: looking, proposing, in place, or why it was left alone."""

    def __init__(self, tool: str, use: InstallerUse, theme: Theme, open_path: Callable[[Path], None]) -> None:
        super().__init__(theme)
        self._tool = tool
        self._use = use
        self._theme = theme
        self._open_path = open_path
        self._file: Path | None = None
        self.title = ElidedLabel(tool, bold=True)
        self.result = SaidCard(theme)
        self.waiting = BusyBar(tr("Asking {tool}…", tool=tool))
        self.proving = ProvingBar(tool, theme)
        self._said: list[SaidCard] = []
        self._warned: list[_Warning] = []
        self._shown_diffs: list[DiffView] = []
        self._changed: tuple[FileChange, ...] = ()
        self._cautioned: tuple[Caution, ...] = ()
        # Not reached by Tab: it keeps the focus while none of its buttons can have it.
        self.setAccessibleName(tool)
        self._proofs = QVBoxLayout()
        self._proofs.setSpacing(8)
        self._changes = QVBoxLayout()
        self._changes.setSpacing(8)
        self._cautions = QVBoxLayout()
        self._cautions.setSpacing(8)
        self.keyring = QCheckBox(tr("Keep the token in my keyring, not in a file"))
        self.keyring.clicked.connect(self._on_keyring)
        self.apply = Button(tr("Set as extra index"), "link", theme, primary=True)
        self.again = Button(tr("Try again"), "refresh-cw", theme)
        self.check = Button(tr("Check now"), "refresh-cw", theme)
        self.undo = Button(tr("Undo"), "undo-2", theme)
        self.show_file = Button("", "file-text", theme)
        self.apply.clicked.connect(lambda: use.apply(tool))
        self.again.clicked.connect(lambda: use.look(tool))
        self.check.clicked.connect(lambda: use.prove(tool))
        self.proving.cancel.clicked.connect(lambda: use.stop_proving(tool))
        self.undo.clicked.connect(lambda: use.undo(tool))
        self.show_file.clicked.connect(self._on_show_file)
        self._arrange()
        self.show_proposal(use.proposal(tool))

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(Picture("terminal", self._theme, size=18))
        top.addWidget(self.title, 1)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        acts.addStretch(1)
        for button in (self.again, self.show_file, self.check, self.undo, self.apply):
            acts.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 14, 16, 14)
        whole.setSpacing(10)
        whole.addLayout(top)
        whole.addWidget(self.waiting)
        whole.addWidget(self.result)
        whole.addWidget(self.proving)
        whole.addLayout(self._proofs)
        whole.addLayout(self._changes)
        whole.addLayout(self._cautions)
        whole.addWidget(self.keyring)
        whole.addLayout(acts)

    def sentences(self) -> tuple[str, ...]:
        """Return what it says about cautions, for tests and screen readers."""
        return tuple(one.sentence for one in self._warned)

    def diffs(self) -> tuple[str, ...]:
        """Return the diffs shown."""
        return tuple(view.toPlainText() for view in self._shown_diffs)

    def proofs(self) -> tuple[tuple[Tone, str], ...]:
        """Return what came of asking, with its tone."""
        return tuple((card.tone, card.text.text()) for card in self._said)

    def show_proposal(self, proposal: Proposal) -> None:
        """Render what is known about this installer."""
        # Else the focus went on to the next card, and the page with it, away from the result. The window is
        # asked, for it may be in the background meanwhile.
        if self.window().focusWidget() in self._acts():
            self.setFocus()
        self._render(proposal)
        if self.window().focusWidget() is self and not proposal.busy:
            nearest = next((button for button in self._acts() if button.isVisibleTo(self)), self)
            nearest.setFocus()

    def _acts(self) -> tuple[Button, ...]:
        """Return its buttons, the one that most likely comes next first."""
        return self.undo, self.apply, self.again, self.check, self.show_file

    def _render(self, proposal: Proposal) -> None:
        plan, state = proposal.plan, proposal.state
        in_place = state is not None and state.mode is not None and not state.edited
        pending = plan is not None and bool(plan.changes)
        self.title.setText(plan.tool_label if plan is not None and plan.tool_label else self._tool)
        self.waiting.setVisible(proposal.busy)
        self._show_changes(plan if pending else None)
        self._show_cautions(plan.cautions if plan is not None else ())
        self._show_result(proposal, in_place=in_place, pending=pending)
        self._show_proofs(proposal)
        self._file = _file_of(plan, state)
        self.apply.setVisible(pending)
        self.apply.setEnabled(not proposal.busy)
        words = tr("Write the change") if in_place else tr("Set as extra index")
        self.apply.show_as(words, "link")
        self.keyring.setVisible(self._use.offers_keyring(self._tool))
        self.keyring.setChecked(self._use.keeps_in_keyring(self._tool))
        self.undo.setVisible(state is not None and state.mode is not None and not proposal.busy)
        provable = in_place and state is not None and not state.uploads
        self.check.setVisible(provable and not (pending or proposal.busy or proposal.proving))
        self.check.show_as(tr("Check again") if proposal.proofs else tr("Check now"), "refresh-cw")
        self.again.setVisible(bool(proposal.problem) and not proposal.busy)
        edited = state is not None and state.edited
        self.show_file.setVisible(self._file is not None and (in_place or edited or bool(proposal.problem)))
        if self._file is not None:
            words = tr("Review {file}") if edited else tr("Show {file}")
            self.show_file.show_as(words.format(file=self._file.name), "file-text")

    def _show_changes(self, plan: Plan | None) -> None:
        changes = plan.changes if plan is not None else ()
        if changes == self._changed:
            return  # who reads or marks them goes on doing so
        self._changed = changes
        _empty(self._changes)
        self._shown_diffs.clear()
        for change in changes:
            path = ElidedLabel(str(change.path), mode=Qt.TextElideMode.ElideMiddle, muted=True)
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(Picture("file-cog", self._theme, tone=Tone.MUTED))
            line.addWidget(path, 1)
            head = QWidget()
            line.setContentsMargins(0, 0, 0, 0)
            head.setLayout(line)
            diff = DiffView(self._theme)
            diff.setAccessibleName(tr("What changes in {file}", file=change.path.name))
            frame = Card(self._theme)
            inside = QVBoxLayout(frame)
            inside.setContentsMargins(2, 2, 2, 2)
            inside.addWidget(diff)
            self._changes.addWidget(head)
            self._changes.addWidget(frame)
            diff.show_diff(change.diff)
            self._shown_diffs.append(diff)

    def _show_cautions(self, cautions: tuple[Caution, ...]) -> None:
        if cautions == self._cautioned:
            return  # help that is being read stays open
        self._cautioned = cautions
        _empty(self._cautions)
        self._warned.clear()
        for caution in cautions:
            sentence = installer_words.caution(caution, self._tool)
            help_text = installer_words.caution_help(caution, self._tool)
            warning = _Warning(sentence, self._theme, help_text)
            self._warned.append(warning)
            self._cautions.addWidget(warning)

    def _show_proofs(self, proposal: Proposal) -> None:
        _empty(self._proofs)
        self._said.clear()
        self.proving.setVisible(proposal.proving)
        for tone, sentence in installer_words.proofs(proposal.proofs):
            card = SaidCard(self._theme)
            card.say(tone, sentence)
            self._said.append(card)
            self._proofs.addWidget(card)

    def _show_result(self, proposal: Proposal, *, in_place: bool, pending: bool) -> None:
        plan, state = proposal.plan, proposal.state
        if proposal.problem:
            self.result.say(Tone.ERROR, proposal.problem)
        elif state is not None and state.edited:
            path = state.files[0].name if state.files else self._tool
            self.result.say(
                Tone.WARN,
                tr("{file} was changed outside Cheeseboard, so it was left alone.", file=path),
            )
        elif in_place and pending:
            chosen = self._use.chose_place(self._tool)
            moved = tr("The address of this repository changed since.")
            self.result.say(Tone.WARN, tr("This is not written yet.") if chosen else moved)
        elif in_place and state is not None and state.mode is not None:
            failed = any(proof.cause for proof in proposal.proofs)
            self.result.say(Tone.INFO if failed else Tone.OK, installer_words.in_use(self._tool, state.mode))
        elif proposal.undone:
            self.result.say(Tone.INFO, proposal.undone)
        elif plan is not None and not pending:
            self.result.say(Tone.OK, tr("Everything is in place already."))
        else:
            self.result.hide()

    def _on_keyring(self, wanted: bool) -> None:
        self._use.keep_token(self._tool, SecretPlace.KEYRING if wanted else SecretPlace.FILE)

    def _on_show_file(self) -> None:
        if self._file is not None:
            self._open_path(self._file)


class ProvingBar(QWidget):
    """A real installer asks this repository; nobody needs to wait for it."""

    def __init__(self, tool: str, theme: Theme) -> None:
        super().__init__()
        words = tr("Checking that {tool} gets packages from here…", tool=tool)
        self.cancel = Button(tr("Cancel"), "x", theme)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(ElidedLabel(words, muted=True), 1)
        line.addWidget(self.cancel)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(line)
        whole.addWidget(BusyBar(words))
        self.hide()


class _Warning(Card):
    """Something to know before pressing the button, with how to mend it on demand."""

    def __init__(self, sentence: str, theme: Theme, help_text: str = "") -> None:
        super().__init__(theme, Tone.WARN)
        self.sentence = sentence
        said = label(sentence)
        said.setWordWrap(True)
        self._help = label(help_text, muted=True)
        self._help.setWordWrap(True)
        self._help.hide()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(Picture("triangle-alert", theme, tone=Tone.WARN), 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(said, 1)
        if help_text:
            how = Button(tr("How to fix"), "", theme)
            how.clicked.connect(lambda: self._help.setVisible(self._help.isHidden()))
            line.addWidget(how)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 8, 8 if help_text else 12, 8)
        whole.setSpacing(6)
        whole.addLayout(line)
        whole.addWidget(self._help)


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        taken = layout.takeAt(0)
        if taken is not None and (widget := taken.widget()) is not None:
            widget.hide()
            widget.deleteLater()


def _file_of(plan: Plan | None, state: ClientState | None) -> Path | None:
    if state is not None and state.files:
        return state.files[0]
    return plan.changes[0].path if plan is not None and plan.changes else None
