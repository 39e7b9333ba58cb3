"""What became of a file, told by a command: one line each, for people and as JSON."""

from cheeseboard import wording
from cheeseboard.cli.command import Context
from cheeseboard.repository.intake import Accepted, Conflict, Deferred, Identical, Outcome, Rejected
from cheeseboard.repository.snapshot import File


def is_refused(outcome: Outcome) -> bool:
    """Tell whether a file is not in the repository as it was given."""
    return not isinstance(outcome, Accepted | Identical)


def say_outcome(context: Context, outcome: Outcome, *, accepted: str = "added") -> None:
    """Say what became of a file.

    Args:
        context: Says it.
        outcome: What it was.
        accepted: The event when it was taken in: "added" or "restored".
    """
    event, reason = accepted, ""
    file: File | None = None
    match outcome:
        case Accepted(file=file):
            pass
        case Identical(file=file):
            event = "identical"
        case Conflict(existing=file):
            event, reason = "conflict", "already-here"
        case Rejected(refusal=refusal):
            event, reason = "rejected", refusal.reason.value
        case Deferred(reason=deferral):
            event, reason = "rejected", deferral.value
    message = wording.sentence(outcome)
    if event == "restored":
        message = f"Restored {outcome.source.name}."
    context.say(
        message,
        event,
        file=str(outcome.source),
        project=file.project if file else "",
        version=file.version if file else "",
        reason=reason,
        message=message,
    )
