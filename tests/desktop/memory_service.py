"""A repository in memory with the attributes of ``Service``, for tests of widgets alone."""

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from packaging.utils import (
    NormalizedName,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version
from tests.desktop.memory_builds import MemoryBuilds
from tests.desktop.memory_upkeep import MemoryUpkeep

from cheeseboard.clients.collisions import Collision
from cheeseboard.clients.join import JoinScript
from cheeseboard.clients.plan import (
    Caution,
    ClientState,
    FileChange,
    KeyringEntry,
    Mode,
    Plan,
    Scope,
    SecretPlace,
    Undone,
)
from cheeseboard.clients.proof import Proof, tell
from cheeseboard.clients.prove import VOICE
from cheeseboard.clients.setup_lines import SetupLines, setup_lines
from cheeseboard.distributions.distribution import Kind, Refusal
from cheeseboard.errors import (
    AddressInUse,
    CheeseboardError,
    ClientConfigError,
    FolderUnavailable,
    RefusalReason,
    RepositoryError,
)
from cheeseboard.events import (
    ClientsChanged,
    EventBus,
    FileDownloaded,
    FolderStateChanged,
    ForeignFilesChanged,
    Progress,
    RepositorySwitched,
    ServerStateChanged,
    SnapshotChanged,
    Way,
)
from cheeseboard.repository.intake import (
    Accepted,
    Batch,
    Conflict,
    DeferralReason,
    Deferred,
    Identical,
    Outcome,
    Rejected,
)
from cheeseboard.repository.records import Activity, TrashRow
from cheeseboard.repository.snapshot import File, Project, ProjectStatus, Snapshot
from cheeseboard.server.access.tokens import Reading, Token, TokenScope
from cheeseboard.server.addresses import Address
from cheeseboard.server.discovery import Neighbour
from cheeseboard.server.state import Failed, ServerState, Serving, Starting, Stopped
from cheeseboard.service import KnownRepository
from cheeseboard.service.access import NewToken
from cheeseboard.service.clients import Place
from cheeseboard.service.preview import Preview, preview, projects_among
from cheeseboard.service.served_addresses import AddressChoice, choices, host_of

PIP_CONF = b"# my own mirror, keep\n[global]\ntimeout = 20\n"
NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


@dataclass(frozen=True)
class MemorySettings:
    theme: str = "auto"
    window_geometry: str = ""
    list_order: str = ""
    panel_width: int = 0
    port: int = 8443
    trash_days: int = 90
    trash_megabytes: int = 0
    upload_megabytes: int = 10_000
    build_python: str = ""
    pause_while_not_serving: bool = True
    announce: bool = True
    shown_address: str = ""
    network_explained: tuple[str, ...] = ()


@dataclass(frozen=True)
class MemoryRemoval:
    files: tuple[File, ...]


@dataclass(frozen=True)
class MemoryForeignFile:
    path: Path
    refusal: Refusal


@dataclass
class MemoryAccess:
    """Who may read and publish, kept in memory."""

    kept: list[Token] = field(default_factory=list)
    reading: Reading = Reading.ANYBODY
    failure: Exception | None = None

    def tokens(self) -> tuple[Token, ...]:
        return tuple(self.kept)

    def create(
        self, name: str, *, scope: TokenScope, projects: Sequence[str] = (), days: int | None = None
    ) -> NewToken:
        if any(token.name == name for token in self.kept):
            raise ValueError(f'There is a token named "{name}" already. Choose another name.')
        expires = None if days is None else NOW + timedelta(days=days)
        names = tuple(canonicalize_name(project) for project in projects)
        token = Token(f"id{len(self.kept)}", name, scope, names, NOW, expires)
        self.kept.append(token)
        return NewToken(token, f"cheeseboard-{name}-secret")

    def revoke(self, token_id: str) -> None:
        self.kept = [token for token in self.kept if token.id != token_id]

    def set_reading(self, reading: Reading) -> None:
        if self.failure is not None:
            raise self.failure
        self.reading = reading


@dataclass
class MemoryService:
    """Does at once what the service does with disk, network and pip."""

    folder: Path
    name: str = "team-packages"
    opened: bool = False
    snapshot: Snapshot = field(default_factory=Snapshot)
    folder_problem: RepositoryError | None = None
    foreign_files: tuple[MemoryForeignFile, ...] = ()
    server_state: ServerState = field(default_factory=Stopped)
    settings: MemorySettings = field(default_factory=MemorySettings)
    taken_ports: frozenset[int] = frozenset()
    cautions: tuple[Caution, ...] = ()
    pip_conf: bytes = PIP_CONF
    edited: bool = False
    adding_gate: threading.Event | None = None
    opening_gate: threading.Event | None = None
    proving_gate: threading.Event | None = None
    proof: Proof = field(default_factory=lambda: tell(VOICE, None, "", "https://localhost:8443/simple/", {}))
    failure: Exception | None = None
    description: str = "README\n"
    description_type: str = "text/plain"
    requires: tuple[str, ...] = ()
    unusable_folders: frozenset[Path] = frozenset()
    rescans: int = 0
    looked_around: int = 0
    watched: bool = False
    collisions: tuple[Collision, ...] = ()
    collisions_elsewhere: tuple[Collision, ...] = ()
    asking_gate: threading.Event | None = None
    tokens_made: MemoryAccess = field(default_factory=MemoryAccess)
    enabled: bool = False
    neighbours: tuple[Neighbour, ...] = ()
    addresses: tuple[Address, ...] = ()
    ca_sha256: str = "ab" * 32
    made: bool = False
    keyring_program: str | None = "/usr/bin/keyring"
    token_kept: SecretPlace = SecretPlace.FILE
    bus: EventBus = field(default_factory=EventBus)

    def __post_init__(self) -> None:
        self.added: list[tuple[Sequence[Path], Way]] = []
        self.builds = MemoryBuilds()
        self.builds.add = self.add
        self.upkeep = MemoryUpkeep(self)
        self.closed = False
        self.trashed: list[tuple[TrashRow, File]] = []
        self.acts: list[Activity] = []
        self.download_counts: dict[str, int] = {}
        self.known: dict[Path, str] = {}
        self.held: dict[Path, Snapshot] = {}
        self.proven: list[str | None] = []
        self.asked_names: list[str] = []
        self._before_use: bytes | None = None

    # --- its parts ---

    @property
    def autostart(self) -> "MemoryService":
        return self

    @property
    def access(self) -> MemoryAccess:
        return self.tokens_made

    def enable(self) -> None:
        if self.failure is not None:
            raise self.failure
        self.enabled = True

    def disable(self) -> None:
        self.enabled = False

    @property
    def sharing(self) -> "MemoryService":
        return self

    @property
    def trust(self) -> "MemoryService":
        return self

    @property
    def clients(self) -> "MemoryService":
        return self

    # --- life ---

    def open(self, *, watch: bool = True) -> None:
        del watch
        if self.opening_gate is not None:
            self.opening_gate.wait(10)
        if self.failure is not None:
            raise self.failure
        self.opened = True
        self.bus.publish(SnapshotChanged(self.snapshot.serial, frozenset()))

    def close(self) -> None:
        self.closed = True

    @property
    def port(self) -> int:
        return self.settings.port

    def change_settings(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)

    # --- files ---

    def publish(self, files: Sequence[File]) -> None:
        self.snapshot = make_snapshot(files, self.snapshot)
        self.bus.publish(SnapshotChanged(self.snapshot.serial, frozenset()))

    def add(
        self,
        paths: Sequence[Path],
        way: Way,
        *,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Batch:
        self.added.append((tuple(paths), way))
        if self.failure is not None:
            raise self.failure
        found = [path for given in paths for path in self._search(given)]
        outcomes: list[Outcome] = []
        for done, path in enumerate(found):
            if progress is not None:
                progress(Progress(done, len(found), current=path))
            if self.adding_gate is not None:
                self.adding_gate.wait(10)
            if cancelled is not None and cancelled():
                outcomes.append(Deferred(path, DeferralReason.CANCELLED))
            else:
                outcomes.append(self._take(path))
        accepted = [outcome.file for outcome in outcomes if isinstance(outcome, Accepted)]
        if accepted:
            self.publish([*self.snapshot.files(), *accepted])
        return Batch(tuple(outcomes))

    def _search(self, path: Path) -> list[Path]:
        if not path.is_dir():
            return [path]
        return sorted(one for one in path.rglob("*") if one.is_file() and ".venv" not in one.parts)

    def _take(self, path: Path) -> Outcome:
        content = path.read_bytes()
        if content.startswith(b"damaged"):
            return Rejected(path, Refusal(RefusalReason.METADATA_MISSING))
        try:
            file = make_file(path.name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
        except ValueError:
            return Rejected(path, Refusal(RefusalReason.NOT_A_DISTRIBUTION))
        existing = self.snapshot.find(file.project, file.filename)
        if existing is None:
            return Accepted(path, file)
        return Identical(path, existing) if existing.sha256 == file.sha256 else Conflict(path, existing)

    def undo(self, batch: Batch) -> None:
        self.remove([one.file for one in batch.accepted])

    def replace(self, conflict: Conflict) -> Outcome:
        content = conflict.source.read_bytes()
        file = make_file(conflict.source.name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
        self.publish([one for one in self.snapshot.files() if one != conflict.existing] + [file])
        return Accepted(conflict.source, file)

    def remove(self, files: Sequence[File]) -> MemoryRemoval:
        self.publish([one for one in self.snapshot.files() if one not in files])
        for file in files:
            self.trashed.append((self._trash_row(file), file))
            self._note("removed", file)
        return MemoryRemoval(tuple(files))

    def restore(self, removal: MemoryRemoval) -> tuple[Outcome, ...]:
        self.trashed = [(row, file) for row, file in self.trashed if file not in removal.files]
        self.publish([*self.snapshot.files(), *removal.files])
        return tuple(Accepted(self.path_of(file), file) for file in removal.files)

    def _trash_row(self, file: File) -> TrashRow:
        now_us = int(NOW.timestamp() * 1_000_000)
        return TrashRow(
            len(self.trashed),
            file.filename,
            file.project,
            file.version,
            file.sha256,
            file.size,
            file.upload_time_us,
            file.yanked,
            now_us,
        )

    def trash(self) -> tuple[TrashRow, ...]:
        return tuple(row for row, _ in reversed(self.trashed))

    def restore_rows(self, rows: Sequence[TrashRow]) -> tuple[Outcome, ...]:
        return self.restore(MemoryRemoval(tuple(file for row, file in self.trashed if row in rows)))

    def empty_trash(self) -> int:
        count = len(self.trashed)
        self.trashed.clear()
        return count

    def _note(self, act: str, file: File, detail: str = "") -> None:
        now_us = int(NOW.timestamp() * 1_000_000)
        self.acts.insert(0, Activity(now_us, act, file.filename, file.project, Way.DROP, detail))

    def activity(self, limit: int = 200) -> tuple[Activity, ...]:
        return tuple(self.acts[:limit])

    def downloads(self, since_day: str = "") -> dict[str, int]:
        return dict(self.download_counts)

    def download(self, filename: str, address: str = "192.168.1.23", installer: str = "pip/26.3") -> None:
        self.download_counts[filename] = self.download_counts.get(filename, 0) + 1
        self.bus.publish(FileDownloaded(filename, address, installer))

    def watch_requests(self, *, wanted: bool) -> None:
        self.watched = wanted

    def look_through(self) -> None:
        """There is nothing on the disk to look at."""

    def rescan(self) -> None:
        self.rescans += 1

    # --- decisions ---

    def yank(self, files: Sequence[File], reason: str = "") -> None:
        self._change(files, reason)

    def unyank(self, files: Sequence[File]) -> None:
        self._change(files, None)

    def _change(self, files: Sequence[File], yanked: str | None) -> None:
        names = {file.filename for file in files}
        self.publish([f._replace(yanked=yanked) if f.filename in names else f for f in self.snapshot.files()])

    def set_project_status(self, project: NormalizedName, status: ProjectStatus, reason: str = "") -> None:
        known = self.snapshot.projects[project]
        changed = replace(known, status=status, status_reason=reason)
        projects = MappingProxyType({**self.snapshot.projects, project: changed})
        self.snapshot = replace(self.snapshot, serial=self.snapshot.serial + 1, projects=projects)
        self.bus.publish(SnapshotChanged(self.snapshot.serial, frozenset({project})))

    # --- repositories ---

    def repositories(self) -> tuple[KnownRepository, ...]:
        known = {**self.known, self.folder: self.name}
        return tuple(
            KnownRepository(name, folder, folder == self.folder)
            for folder, name in sorted(known.items(), key=lambda item: item[1])
        )

    def remember_repository(self, name: str, folder: Path) -> None:
        if not name.strip():
            raise ValueError("A name is needed.")
        if any(known == name and place != folder for place, known in self.known.items()):
            raise ValueError(f'There is a repository called "{name}" already.')
        self.known[folder] = name

    def forget_repository(self, folder: Path) -> None:
        self.known.pop(folder, None)

    def switch(self, folder: Path) -> None:
        if folder in self.unusable_folders:
            raise FolderUnavailable(f"The managed folder {folder} is missing.", folder)
        self.known.setdefault(self.folder, self.name)
        self.held[self.folder] = self.snapshot
        self.folder, self.name = folder, self.known.get(folder, folder.name)
        self.snapshot = self.held.get(folder, Snapshot())
        self.bus.publish(RepositorySwitched())

    def preview(self, paths: Sequence[Path]) -> tuple[Preview, ...]:
        return tuple(preview(path) for path in paths)

    def projects_among(self, paths: Sequence[Path]) -> frozenset[NormalizedName]:
        return projects_among(paths)

    def path_of(self, file: File) -> Path:
        return self.folder / file.project / file.filename

    def metadata_of(self, file: File) -> bytes | None:
        return (
            f"Metadata-Version: 2.1\nName: {file.project}\nVersion: {file.version}\n"
            "License: MIT\nAuthor-email: Ada <ada@acme.example>\n"
            f"Description-Content-Type: {self.description_type}\n"
            + "".join(f"Requires-Dist: {line}\n" for line in self.requires)
            + f"\n{self.description}"
        ).encode()

    def find_foreign(self, *files: MemoryForeignFile) -> None:
        self.foreign_files = files
        self.bus.publish(ForeignFilesChanged())

    def break_folder(self, problem: type[RepositoryError] | None) -> None:
        self.folder_problem = None if problem is None else problem("The folder's disk failed.", self.folder)
        self.bus.publish(FolderStateChanged())

    # --- server ---

    @property
    def place(self) -> Place:
        return Place(f"https://localhost:{self.port}/simple/", served=isinstance(self.server_state, Serving))

    def serve(self, *, lan: bool, port: int | None = None) -> Serving:
        self._enter(Starting())
        wanted = port or self.settings.port
        if wanted in self.taken_ports:
            error = AddressInUse("127.0.0.1", wanted, wanted + 1)
            self._enter(Failed(str(error), wanted, wanted + 1, lan))
            raise error
        local = f"https://127.0.0.1:{wanted}/simple/"
        urls: tuple[str, ...] = (local,)
        if lan:
            hosts = ["ada-laptop.local", *(host_of(address.ip) for address in self.addresses)]
            hosts.sort(key=lambda host: host != self.settings.shown_address)
            urls = tuple(f"https://{host}:{wanted}/simple/" for host in hosts)
        serving = Serving(lan=lan, port=wanted, urls=urls, local_url=local)
        self._enter(serving)
        return serving

    def address_choices(self) -> tuple[AddressChoice, ...]:
        state = self.server_state
        return choices(state, self.addresses) if isinstance(state, Serving) else ()

    def choose_address(self, host: str) -> None:
        self.change_settings(shown_address=host)
        self.serve(lan=True)

    def look_around(self) -> None:
        self.looked_around += 1

    def join_line(self, *, windows: bool = False) -> str:
        url = self.server_state.urls[0] if isinstance(self.server_state, Serving) else ""
        return f"{'py' if windows else 'python3'} -c 'join {url} {self.ca_sha256}'"

    def setup_lines(self, *, windows: bool = False) -> SetupLines:
        url = self.server_state.urls[0] if isinstance(self.server_state, Serving) else ""
        return setup_lines(url, JoinScript(b"", "0" * 64), self.ca_sha256, windows=windows)

    def stop_serving(self) -> None:
        self._enter(Stopped())

    def _enter(self, state: ServerState) -> None:
        self.server_state = state
        self.bus.publish(ServerStateChanged())

    # --- installers ---

    def states(self) -> tuple[ClientState, ...]:
        mode = Mode.EXTRA if self._before_use is not None else None
        return (ClientState("pip", mode, self.edited, (self._pip_conf_path,) if mode else ()),)

    @property
    def _pip_conf_path(self) -> Path:
        return Path("/home/ada/.config/pip/pip.conf")

    def plan_use(
        self,
        tool: str,
        *,
        mode: Mode = Mode.EXTRA,
        scope: Scope = Scope.USER,
        secret_place: SecretPlace | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Plan:
        del cancelled  # done at once
        kept = secret_place or self.token_kept
        if kept is SecretPlace.KEYRING and self.keyring_program is None:
            raise ClientConfigError("The token can't go into the keyring: there is none.", tool)
        if self.failure is not None:
            raise self.failure
        if not isinstance(self.server_state, Serving):
            raise CheeseboardError("The repository is not served.")
        url = self.server_state.local_url
        changes: tuple[FileChange, ...] = ()
        if self._before_use is None or kept is not self.token_kept:
            lines = (
                f"extra-index-url = {url}\ncert = /home/ada/.local/state/cheeseboard/clients/pip-bundle.pem\n"
            )
            changes = (FileChange(self._pip_conf_path, self.pip_conf, self.pip_conf + lines.encode()),)
        plan = Plan(tool, mode, scope, url, changes, self.cautions, "pip 26.3 (/usr/bin/python3)")
        if kept is SecretPlace.KEYRING and self.keyring_program is not None:
            plan = replace(plan, keyring=KeyringEntry(self.keyring_program, url, "__token__", "secret"))
        return replace(plan, token=self.access.reading is Reading.TOKEN)

    def secret_places(self, tool: str) -> tuple[SecretPlace, ...]:
        return tuple(SecretPlace) if tool == "pip" else (SecretPlace.FILE,)

    def apply(self, plan: Plan) -> None:
        self.token_kept = SecretPlace.FILE if plan.keyring is None else SecretPlace.KEYRING
        self._before_use = self.pip_conf
        self.pip_conf = plan.changes[0].after or b""
        self.bus.publish(ClientsChanged())

    def prove(
        self, tool: str | None = None, *, cancelled: Callable[[], bool] = lambda: False
    ) -> tuple[Proof, ...]:
        self.proven.append(tool)
        while self.proving_gate is not None and not self.proving_gate.wait(0.01):
            if cancelled():
                return ()
        return (self.proof,)

    def check_collisions(
        self, *, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
    ) -> tuple[Collision, ...]:
        if self.failure is not None:
            raise self.failure
        names = list(self.snapshot.projects)
        for done, name in enumerate(names):
            while self.asking_gate is not None and not self.asking_gate.wait(0.01) and not cancelled():
                pass
            if cancelled():
                break
            self.asked_names.append(str(name))
            progress(done + 1, len(names))
        else:
            self.collisions = self.collisions_elsewhere
        return self.collisions

    def unuse(self, tool: str) -> tuple[Undone, ...]:
        self.pip_conf, self._before_use = self._before_use or b"", None
        self.bus.publish(ClientsChanged())
        return (Undone(self._pip_conf_path, exact=True),)


def make_file(filename: str, *, summary: str = "", upload_time_us: int | None = None, **changes: Any) -> File:
    """Return a file whose project and version are those of its name; raises ValueError for others."""
    if filename.endswith(".whl"):
        project, version, *_ = parse_wheel_filename(filename)
        kind = Kind.WHEEL
    else:
        project, version = parse_sdist_filename(filename)
        kind = Kind.SDIST
    made = File(
        filename=filename,
        project=project,
        version=str(version),
        kind=kind,
        size=48_000 if kind is Kind.WHEEL else 61_000,
        sha256=hashlib.sha256(filename.encode()).hexdigest(),
        metadata_sha256="0" * 64,
        summary=summary,
        requires_python=">=3.9",
        upload_time_us=int(NOW.timestamp() * 1_000_000) if upload_time_us is None else upload_time_us,
    )
    return made._replace(**changes)


def make_snapshot(files: Sequence[File], before: Snapshot | None = None) -> Snapshot:
    """Return a snapshot of these files that shares the projects of ``before`` that did not change."""
    before = before or Snapshot()
    grouped: dict[NormalizedName, list[File]] = {}
    for file in files:
        grouped.setdefault(file.project, []).append(file)
    projects: dict[NormalizedName, Project] = {}
    for name, members in sorted(grouped.items()):
        ordered = tuple(
            sorted(
                sorted(members, key=lambda file: (file.kind is Kind.SDIST, file.filename)),
                key=lambda file: Version(file.version),
                reverse=True,
            )
        )
        known = before.projects.get(name)
        same = known is not None and known.files == ordered
        projects[name] = known if known is not None and same else Project(name, str(name), ordered)
    return Snapshot(
        serial=before.serial + 1,
        projects=MappingProxyType(projects),
        file_count=len(files),
        total_size=sum(file.size for file in files),
    )


def example_files(now: datetime = NOW) -> list[File]:
    """Return the six projects of the design's pictures."""

    def at(minutes: float) -> int:
        return int((now.timestamp() - minutes * 60) * 1_000_000)

    day = 24 * 60
    made: list[File] = []

    def project(name: str, summary: str, minutes: float, versions: str, *forms: str, **changes: Any) -> None:
        for age, version in enumerate(versions.split()):
            moment = at(minutes + age * 20 * day)
            made.extend(
                make_file(f"{name}-{version}{form}", summary=summary, upload_time_us=moment, **changes)
                for form in forms
            )

    wheel, sdist = "-py3-none-any.whl", ".tar.gz"
    project("acme_auth", "Login tokens for Acme services", 2, "2.4.1 2.4.0 2.3.0", wheel)
    project("acme_core", "Shared models and settings", 90, "7.0.0 6.9.2", wheel, sdist)
    project(
        "acme_core", "Shared models and settings", 40 * day, "6.9.1", wheel, sdist, yanked="breaks logins"
    )
    project("acme_geo", "C++ polygon clipping", day, "0.9.3", "-cp311-cp311-manylinux_2_17_x86_64.whl", sdist)
    project("data_loaders", "Parquet and CSV readers", 10 * day, "1.18.0 1.17.0", wheel, sdist)
    project("internal_cli", "Command line for the team", 12 * day, "3.2.0rc1", wheel)
    project("legacy_soap", "SOAP bridge (do not use)", 265 * day, "0.4.2 0.4.1", wheel, yanked="")
    return made


def name_of(text: str) -> NormalizedName:
    """Return the normalized form of a project name."""
    return canonicalize_name(text)
