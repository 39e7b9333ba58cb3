"""*Why can't it install?*: each file with the verdict (issue 6, item 7)."""

import pytest
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService, make_file, make_snapshot, name_of

from cheeseboard.clients.collisions import Collision, Winner
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.desktop.words import why_words
from cheeseboard.distributions.compatibility import Offer, Reason, System, Verdict
from cheeseboard.distributions.distribution import Kind
from cheeseboard.repository.snapshot import ProjectStatus

GEO = [
    make_file("geo-2.0-cp313-cp313-manylinux_2_17_x86_64.whl", requires_python=">=3.13"),
    make_file("geo-1.9rc1-py3-none-any.whl"),
    make_file("geo-1.0-py3-none-any.whl", yanked="wrong datum"),
    make_file("geo-0.9-py3-none-any.whl"),
    make_file("geo-0.9.tar.gz"),
    make_file("geo-0.8-py3-none-any.whl"),
]


@pytest.fixture
def window(qtbot: QtBot, open_window: OpenWindow, service: MemoryService) -> MainWindow:
    """The page about geo, on Python 3.12 and Windows."""
    service.snapshot = make_snapshot(GEO)
    made = open_window(service)
    qtbot.waitUntil(lambda: made.panel.project is not None)
    made.panel.why.click()
    made.sides.why.python.setCurrentIndex(made.sides.why.python.findData("3.12"))
    made.sides.why.system.setCurrentIndex(made.sides.why.system.findData(System.WINDOWS_X86_64.value))
    qtbot.waitUntil(
        lambda: "Windows" in made.sides.why.system.currentText() and bool(made.sides.why.verdicts())
    )
    return made


def says(window: MainWindow, filename: str) -> str:
    return dict(window.sides.why.verdicts()).get(filename, "")


def test_every_file_is_told_with_its_reason(qtbot: QtBot, window: MainWindow) -> None:
    best = "geo-0.9-py3-none-any.whl"
    qtbot.waitUntil(lambda: window.sides.why.result.text.text() == f"pip takes {best}.")
    assert window.sides.why.verdicts()[0] == (best, "This one is installed.")
    assert says(window, GEO[0].filename) == (
        "Made for something else: CPython 3.13, Linux x86-64 (glibc 2.17 or newer)."
    )
    assert says(window, GEO[1].filename).startswith("A pre-release")
    assert says(window, GEO[2].filename) == "Yanked: wrong datum. Taken only when asked for exactly."
    assert says(window, GEO[4].filename) == f"It would do, but {best} suits better."
    assert says(window, GEO[5].filename) == "Older than 0.9."


def test_every_reason_has_its_words() -> None:
    offer = Offer("a-1.tar.gz", Kind.SDIST, "1")
    said = {reason: why_words.verdict(Verdict(offer, reason, ">=3.9"), "x", "3.12") for reason in Reason}
    assert all("{" not in words for words in said.values())
    assert len(set(said.values())) == len(Reason) - 1  # wrong Python and wrong system are one to a reader


def test_another_python_is_judged_at_once(qtbot: QtBot, window: MainWindow) -> None:
    window.sides.why.system.setCurrentIndex(window.sides.why.system.findData(System.LINUX_X86_64.value))
    window.sides.why.python.setCurrentIndex(window.sides.why.python.findData("3.13"))

    qtbot.waitUntil(lambda: window.sides.why.result.text.text() == f"pip takes {GEO[0].filename}.")


def test_a_yanked_version_asked_for_exactly_is_taken(qtbot: QtBot, window: MainWindow) -> None:
    window.sides.why.version.setCurrentIndex(window.sides.why.version.findData("==1.0"))

    qtbot.waitUntil(lambda: window.sides.why.result.text.text() == f"pip takes {GEO[2].filename}.")


def test_when_nothing_fits_it_quotes_what_pip_says(qtbot: QtBot, window: MainWindow) -> None:
    window.sides.why.version.setCurrentIndex(window.sides.why.version.findData("==2.0"))

    qtbot.waitUntil(lambda: "No matching distribution found" in window.sides.why.result.text.text())


def test_a_quarantined_project_offers_nothing(
    qtbot: QtBot, window: MainWindow, service: MemoryService
) -> None:
    service.set_project_status(name_of("geo"), ProjectStatus.QUARANTINED)
    window.explain(service.snapshot.projects[name_of("geo")])

    qtbot.waitUntil(lambda: window.sides.why.result.text.text() == "Nothing: this package is quarantined.")


def test_a_newer_version_on_another_index_is_told_where_somebody_let_us_ask(
    qtbot: QtBot, window: MainWindow, service: MemoryService
) -> None:
    best = "geo-0.9-py3-none-any.whl"
    qtbot.waitUntil(lambda: window.sides.why.result.text.text() == f"pip takes {best}.")
    service.collisions = (Collision("geo", "index.example", "2.0", "1.5", Winner.OURS),)

    window.explain(service.snapshot.projects[name_of("geo")])

    told = f"pip takes 1.5 from index.example instead of {best}: of several indexes, the higher version wins."
    qtbot.waitUntil(lambda: window.sides.why.result.text.text() == told)
    assert says(window, best) == "index.example has 1.5, which is newer."


@pytest.mark.parametrize(("project", "theirs"), [("geo", "1.5rc1"), ("geo", "0.1"), ("other", "9.9")])
def test_what_other_indexes_have_below_ours_changes_nothing(
    qtbot: QtBot, window: MainWindow, service: MemoryService, project: str, theirs: str
) -> None:
    service.collisions = (Collision(project, "index.example", "2.0", theirs, Winner.OURS),)

    window.explain(service.snapshot.projects[name_of("geo")])

    best = "geo-0.9-py3-none-any.whl"
    qtbot.waitUntil(lambda: not window._jobs.busy)
    assert window.sides.why.result.text.text() == f"pip takes {best}."


def test_an_equal_version_elsewhere_may_be_taken_as_well(
    qtbot: QtBot, window: MainWindow, service: MemoryService
) -> None:
    best = "geo-0.9-py3-none-any.whl"
    service.collisions = (Collision("geo", "index.example", "2.0", "0.9", Winner.OURS),)

    window.explain(service.snapshot.projects[name_of("geo")])

    told = f"pip takes {best}, or 0.9 from index.example: of equal versions, it takes either."
    qtbot.waitUntil(lambda: window.sides.why.result.text.text() == told)
    assert says(window, best) == "index.example has 0.9, too; pip takes either."


def test_where_nothing_of_ours_fits_pip_takes_what_another_index_has(
    qtbot: QtBot, window: MainWindow, service: MemoryService
) -> None:
    service.snapshot = make_snapshot(GEO[:1])
    service.collisions = (Collision("geo", "index.example", "2.0", "0.3", Winner.OURS),)

    window.explain(service.snapshot.projects[name_of("geo")])

    told = "pip takes 0.3 from index.example: nothing of it fits here."
    qtbot.waitUntil(lambda: window.sides.why.result.text.text() == told)
