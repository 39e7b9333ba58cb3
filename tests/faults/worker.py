"""A process that works on a repository and says aloud what was acknowledged, until it is killed.

Usage: worker.py FOLDER SOURCE [add|life]. Each line is one acknowledged fact: "present NAME SHA256" or
"absent NAME"; "failed SENTENCE" when the disk failed.
"""

import hashlib
import os
import sys
from pathlib import Path

from cheeseboard.errors import RepositoryError
from cheeseboard.events import EventBus, Way
from cheeseboard.repository.intake import Accepted, Conflict, Identical
from cheeseboard.repository.repository import Repository


def say(fact: str) -> None:
    # By a call that nothing else here makes: those that do may be made to fail.
    os.writev(sys.stdout.fileno(), [f"{fact}\n".encode()])


def add(repository: Repository, files: list[Path]) -> None:
    for outcome in repository.add(files, Way.COMMAND_LINE).outcomes:
        if isinstance(outcome, Accepted | Identical):
            say(f"present {outcome.file.filename} {outcome.file.sha256}")


def live(repository: Repository, source: Path) -> None:
    """Add, remove, restore and replace, one after the other."""
    first, *rest = sorted(source.glob("*.whl"))
    add(repository, [first])
    add(repository, rest)
    victim = next(file for file in repository.snapshot.files() if file.filename == rest[0].name)
    say(f"unsure {victim.filename}")
    removal = repository.remove([victim], Way.COMMAND_LINE)
    say(f"absent {victim.filename}")
    say(f"unsure {victim.filename}")
    repository.restore(removal, Way.COMMAND_LINE)
    say(f"present {victim.filename} {victim.sha256}")
    other = source / "other" / first.name
    (conflict,) = repository.add([other], Way.COMMAND_LINE).outcomes
    if isinstance(conflict, Conflict):
        say(f"unsure {first.name}")
        repository.replace(conflict, Way.COMMAND_LINE)
        say(f"present {first.name} {hashlib.sha256(other.read_bytes()).hexdigest()}")


def main() -> None:
    folder, source, what = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    try:
        repository = Repository(folder, EventBus())
        say("opened")
        try:
            if what == "add":
                for file in sorted(source.glob("*.whl")):
                    add(repository, [file])
            else:
                live(repository, source)
        finally:
            repository.close()
    except RepositoryError as error:
        say(f"failed {error}")
        return
    say("closed")


if __name__ == "__main__":
    main()
