"""The flow of *Set as extra index*: plan, apply, prove, undo, each off the Qt thread, its news by signal."""

import logging
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from cheeseboard.clients.plan import ClientState, Plan, SecretPlace, Undone
from cheeseboard.clients.proof import Proof
from cheeseboard.desktop.words import installer_words
from cheeseboard.desktop.words.failure_words import failure
from cheeseboard.desktop.work.jobs import Job, Jobs
from cheeseboard.errors import CheeseboardError
from cheeseboard.service import Service

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is known about one installer at this moment.

    Attributes:
        plan: What would change; None while unknown.
        state: Whether it looks here.
        busy: Whether it is being asked or written.
        problem: Why it was left alone; empty when well.
        undone: How it was brought back, right after Undo.
        proving: Whether a real installer is asking this repository just now.
        proofs: What came of that, for each installer of the kind.
    """

    plan: Plan | None = None
    state: ClientState | None = None
    busy: bool = False
    problem: str = ""
    undone: str = ""
    proving: bool = False
    proofs: tuple[Proof, ...] = ()


class InstallerUse(QObject):
    """Asks the service about installers and tells whoever shows them."""

    changed = Signal(str)

    def __init__(self, service: Service, jobs: Jobs) -> None:
        super().__init__()
        self._service = service
        self._jobs = jobs
        self._proposals: dict[str, Proposal] = {}
        self._proving: dict[str, Job[tuple[Proof, ...]]] = {}
        self._places: dict[str, SecretPlace] = {}

    def states(self) -> tuple[ClientState, ...]:
        """Return whether each known installer looks here."""
        return self._service.clients.states()

    def proposal(self, tool: str) -> Proposal:
        """Return what is known about one installer."""
        known = self._proposals.get(tool, Proposal())
        return replace(known, state=self._state(tool))

    def look(self, tool: str, undone: str = "") -> None:
        """Work out what would change."""

        def task(job: Job[Plan]) -> Plan:
            return self._service.clients.plan_use(tool, secret_place=place, cancelled=job.cancelled)

        place = self._places.get(tool)

        def done(plan: Plan) -> None:
            if place is not self._places.get(tool):
                return  # another place was chosen meanwhile, and is being looked at
            looked = Proposal(plan=plan, undone=undone)
            if not plan.changes:  # what was proven of it still holds
                known = self.proposal(tool)
                looked = replace(looked, proving=known.proving, proofs=known.proofs)
            self._tell(tool, looked)

        self._tell(tool, replace(self.proposal(tool), busy=True, problem="", undone=undone))
        self._jobs.run(task, done, lambda error: self._on_failed(tool, error))

    def offers_keyring(self, tool: str) -> bool:
        """Tell whether the user can choose where this installer finds its token, and it needs one."""
        plan = self.proposal(tool).plan
        needed = tool in self._places or (plan is not None and plan.token)
        return needed and SecretPlace.KEYRING in self._service.clients.secret_places(tool)

    def chose_place(self, tool: str) -> bool:
        """Tell whether the user chose where the token is kept, since the window was opened."""
        return tool in self._places

    def keeps_in_keyring(self, tool: str) -> bool:
        """Tell whether the token is, or is to be, in the keyring."""
        plan = self.proposal(tool).plan
        chosen = self._places.get(tool)
        return chosen is SecretPlace.KEYRING if chosen else plan is not None and plan.keyring is not None

    def keep_token(self, tool: str, place: SecretPlace) -> None:
        """Work out what changes when the token is kept there; nothing is written yet."""
        self._places[tool] = place
        self.look(tool)

    def apply(self, tool: str) -> None:
        """Write the plan that is shown, and nothing else."""
        plan = self.proposal(tool).plan
        if plan is None:
            return

        def task(job: Job[None]) -> None:
            del job
            self._service.clients.apply(plan)

        def done(result: None) -> None:
            del result
            self._tell(tool, Proposal(plan=replace(plan, changes=())))
            self.prove(tool)

        self._tell(tool, Proposal(plan=plan, busy=True))
        self._jobs.run(task, done, lambda error: self._on_failed(tool, error))

    def prove(self, tool: str) -> None:
        """Let the real installer ask this repository, as its configuration is now."""
        state = self._state(tool)
        if state is None or state.mode is None or state.uploads:
            return

        def task(job: Job[tuple[Proof, ...]]) -> tuple[Proof, ...]:
            return self._service.clients.prove(tool, cancelled=job.cancelled)

        def settle(*, proofs: tuple[Proof, ...] = (), problem: str = "") -> None:
            if self._proving.get(tool) is job:
                del self._proving[tool]
                known = self.proposal(tool)
                self._tell(tool, replace(known, proving=False, proofs=proofs, problem=problem))

        def failed(error: Exception) -> None:
            settle(problem=self._words(tool, error))

        job = self._jobs.run(task, lambda proofs: settle(proofs=proofs), failed)
        self._proving[tool] = job
        self._tell(tool, replace(self.proposal(tool), proving=True, proofs=(), problem=""))

    def stop_proving(self, tool: str) -> None:
        """End the installer that is being asked, and wait for its answer no longer."""
        job = self._proving.pop(tool, None)
        if job is not None:
            job.cancel()
        self._tell(tool, replace(self.proposal(tool), proving=False))

    def undo(self, tool: str) -> None:
        """Bring the installer's configuration back."""

        def task(job: Job[tuple[Undone, ...]]) -> tuple[Undone, ...]:
            del job
            return self._service.clients.unuse(tool)

        def done(undone: tuple[Undone, ...]) -> None:
            self.look(tool, installer_words.undone(tool, exact=all(one.exact for one in undone)))

        self._tell(tool, replace(self.proposal(tool), busy=True, problem="", proving=False, proofs=()))
        self._jobs.run(task, done, lambda error: self._on_failed(tool, error))

    def refresh(self) -> None:
        """The core says that configurations changed."""
        for tool in self._proposals:
            self.changed.emit(tool)

    def _on_failed(self, tool: str, error: Exception) -> None:
        self._tell(tool, Proposal(problem=self._words(tool, error)))

    def _words(self, tool: str, error: Exception) -> str:
        if not isinstance(error, CheeseboardError):
            logger.error("Configuring %s failed", tool, exc_info=error)
        return failure(error)

    def _state(self, tool: str) -> ClientState | None:
        return next((state for state in self._service.clients.states() if state.tool == tool), None)

    def _tell(self, tool: str, proposal: Proposal) -> None:
        if not proposal.proving:
            self._proving.pop(tool, None)
        self._proposals[tool] = proposal
        self.changed.emit(tool)
