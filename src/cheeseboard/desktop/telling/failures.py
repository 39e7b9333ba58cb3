"""Turns a failed job into a notice with one action; the traceback goes to the log, never to the user."""

import logging
from collections.abc import Callable

from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.telling.notice_bar import Act, Notice
from cheeseboard.desktop.words.failure_words import failure
from cheeseboard.desktop.words.translate import tr
from cheeseboard.errors import CheeseboardError, RepositoryError

logger = logging.getLogger(__name__)


def failure_notice(
    error: Exception, *, try_again: Callable[[], None] | None, open_folder: Callable[[], None]
) -> Notice:
    """Return what to say about ``error``; what we did not foresee is logged with its traceback."""
    acts: list[Act] = []
    if isinstance(error, RepositoryError):
        acts.append(Act(tr("Open folder"), "folder-open", open_folder, dismisses=False))
    if try_again is not None:
        acts.append(Act(tr("Try again"), "refresh-cw", try_again))
    if not isinstance(error, CheeseboardError):
        logger.error("A job of the window failed", exc_info=error)
    return Notice(Tone.ERROR, failure(error), tuple(acts))
