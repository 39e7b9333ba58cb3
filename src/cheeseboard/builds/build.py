"""The verb of this room: a source tree, copied, built by pypa/build in an isolated environment."""

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cheeseboard.builds.copying import CopyCancelled, copy_tree
from cheeseboard.builds.environment import build_environment
from cheeseboard.builds.failure import BuildFailure, Step, explain, step_of
from cheeseboard.builds.interpreter import find_installers, find_python, frontend_command, is_bundled
from cheeseboard.builds.log import BuildLog
from cheeseboard.builds.process import Ended, Stop, run_group
from cheeseboard.builds.source_tree import SourceTree, read_pyproject, read_source_tree, surroundings
from cheeseboard.builds.workplace import Workplace


class Wanted(StrEnum):
    """What shall be made of a tree; a wheel beside an sdist is built from that sdist."""

    BOTH = "both"
    SDIST = "sdist"
    WHEEL = "wheel"


@dataclass(frozen=True, slots=True)
class BuildOrder:
    """What the user asked for.

    Attributes:
        python: The Python to build with: a path or a name; empty for the usual one.
        seconds: How long it may take; None for as long as it needs.
    """

    tree: SourceTree
    wanted: Wanted = Wanted.BOTH
    python: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """Wheel and sdist lie in the workplace.

    Attributes:
        files: They.
        left_out: What of the tree could not be read, and is not in the copy that was built.
    """

    files: tuple[Path, ...]
    left_out: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class NotBuilt:
    """Nothing was built.

    Attributes:
        detail: The fact behind the reason; may be empty.
    """

    reason: BuildFailure
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BuildCancelled:
    """Nothing was built, because nobody wanted it any more."""


BuildResult = Built | NotBuilt | BuildCancelled
OnStep = Callable[[Step], object]
IsCancelled = Callable[[], bool]


def build(
    order: BuildOrder,
    workplace: Workplace,
    environ: Mapping[str, str],
    log: BuildLog,
    *,
    on_step: OnStep,
    cancelled: IsCancelled,
) -> BuildResult:
    """Build a tree; this runs the project's own code, so call it only when the user said so; slow.

    The workplace holds nothing but results afterwards.

    Args:
        order: What to build, and how.
        workplace: Where.
        environ: The user's environment: their indexes serve the build's requirements.
        log: Takes what is printed.
        on_step: Told what is being done, on any thread.
        cancelled: Asked again and again.
    """
    try:
        return _build(order, workplace, environ, log, on_step, cancelled)
    except CopyCancelled:
        return BuildCancelled()
    except OSError as error:
        log.note(str(error))
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return NotBuilt(BuildFailure.NO_SPACE)
        return NotBuilt(BuildFailure.UNREADABLE, error.strerror or str(error))
    finally:
        workplace.clear()


def _build(
    order: BuildOrder,
    workplace: Workplace,
    environ: Mapping[str, str],
    log: BuildLog,
    on_step: OnStep,
    cancelled: IsCancelled,
) -> BuildResult:
    refused = _check(order.tree)
    if refused is not None:
        return refused
    bundled = is_bundled()
    python = find_python(order.python, environ, bundled=bundled)
    if python is None:
        return NotBuilt(BuildFailure.NO_PYTHON, order.python)
    on_step(Step.COPYING)
    around = surroundings(order.tree)
    left_out = copy_tree(around, workplace.source, cancelled)
    for path in left_out:
        log.note(f"{path} can't be read or leads outside, so it is not part of this build.")
    source = workplace.source / order.tree.path.resolve().relative_to(around.resolve())
    environment = build_environment(environ, workplace.temporary, bundled=bundled)
    failed = _run(order, python, source, workplace, environment, log, on_step, cancelled)
    if failed is not None:
        return failed
    files = tuple(sorted(workplace.results.iterdir()))
    return Built(files, left_out) if files else NotBuilt(BuildFailure.NO_RESULT)


def _check(tree: SourceTree) -> NotBuilt | None:
    """Say what can be known to be wrong before anything runs."""
    if not tree.path.is_dir():
        return NotBuilt(BuildFailure.UNREADABLE, "there is no such folder")
    try:
        read_pyproject(tree.path / "pyproject.toml")
    except ValueError as error:
        return NotBuilt(BuildFailure.INVALID_PYPROJECT, str(error))
    return None if read_source_tree(tree.path) else NotBuilt(BuildFailure.NOT_BUILDABLE)


def _run(
    order: BuildOrder,
    python: Path,
    source: Path,
    workplace: Workplace,
    environment: Mapping[str, str],
    log: BuildLog,
    on_step: OnStep,
    cancelled: IsCancelled,
) -> BuildResult | None:
    """Run pypa/build, with each installer until one can install what it needs; None when it built."""
    failed: BuildResult | None = None
    on_step(Step.ENVIRONMENT)
    for installer in find_installers(environment):
        if failed is not None:
            log.note(f"Trying again with {installer}, which has settings of its own.")
        watch = _Watch(log, on_step)
        ended = run_group(
            _command(order, python, source, workplace.results, installer),
            directory=workplace.temporary,
            environ=environment,
            take=watch.take,
            cancelled=cancelled,
            mark=workplace.mark,
            seconds=order.seconds,
        )
        log.take(b"", final=True)
        # Until requirements were installed none of the project's own code has run.
        before_code = not watch.ran_code and watch.step is Step.REQUIREMENTS and ended.stop is None
        before_code = before_code and ended.code != 0
        # Of two that could not install what is needed, the first says more: pip calls all "not found".
        if failed is None or not before_code:
            failed = _failure(ended, watch, log)
        if not before_code:
            break
    return failed


def _command(order: BuildOrder, python: Path, source: Path, results: Path, installer: str) -> tuple[str, ...]:
    kinds = () if order.wanted is Wanted.BOTH else (f"--{order.wanted.value}",)
    options = ("--installer", installer, "--outdir", str(results), *kinds)
    return (*frontend_command(python), *options, str(source))


def _failure(ended: Ended, watch: "_Watch", log: BuildLog) -> BuildResult | None:
    if ended.stop is Stop.CANCELLED:
        return BuildCancelled()
    if ended.stop is Stop.TIME_OVER:
        return NotBuilt(BuildFailure.TIME_OVER)
    if ended.code == 0:
        return None
    return NotBuilt(*explain(log.read(watch.start).lines, watch.step, ended.code))


class _Watch:
    """Follows what pypa/build prints, on the thread that reads it."""

    def __init__(self, log: BuildLog, on_step: OnStep) -> None:
        self.step = Step.ENVIRONMENT
        self.ran_code = False
        self.start = log.end
        self._log = log
        self._on_step = on_step

    def take(self, printed: bytes) -> None:
        for line in self._log.take(printed):
            step = step_of(line)
            if step is not None and step is not self.step:
                self.step = step
                self.ran_code |= step in {Step.SDIST, Step.WHEEL}
                self._on_step(step)
