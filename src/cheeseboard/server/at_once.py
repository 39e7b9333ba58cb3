"""Answers given on granian's own thread, before a request reaches the event loop.

granian hands each request from its thread to the loop's and makes a task of it there, which costs more than
most of our answers do (measured: 1.2 times as many pages and 1.4 times as many 304s a second without). It has
no word for an application that need not wait, so the function with which it schedules a request is wrapped
where granian makes it. Should a later granian make it elsewhere, everything goes by the loop: slower, and
as right.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from granian import _futures

from cheeseboard.server.rsgi import AnswersAtOnce

Schedule = Callable[[Any], None]

_AT_ONCE: ContextVar[AnswersAtOnce | None] = ContextVar("_AT_ONCE", default=None)

_make_schedule: Callable[..., Schedule] = _futures._cbsched_aioschedule  # noqa: SLF001  # as said above


def let_answer_at_once(app: object) -> None:
    """Let ``app``, if it can, answer at once in every server that is started from this context on."""
    _AT_ONCE.set(app if isinstance(app, AnswersAtOnce) else None)


def _make_asking_schedule(*arguments: object) -> Schedule:
    schedule, app = _make_schedule(*arguments), _AT_ONCE.get()
    return schedule if app is None else _ask_first(app, schedule)


def _ask_first(app: AnswersAtOnce, schedule: Schedule) -> Schedule:
    """Return a function that schedules a request unless ``app`` answers it at once."""
    answer_at_once = app.answer_at_once

    def answer_or_schedule(watcher: Any) -> None:  # noqa: ANN401  # granian's own, without a type
        if answer_at_once(watcher.scope, watcher.proto):
            watcher.done()
        else:
            schedule(watcher)

    return answer_or_schedule


_futures._cbsched_aioschedule = _make_asking_schedule  # noqa: SLF001  # as said above
