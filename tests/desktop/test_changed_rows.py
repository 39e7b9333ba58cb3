"""A list that changes a little: rows move to where sorting would put them, and nothing is sorted anew."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import NOW, MemoryService, make_file, make_snapshot, name_of

from cheeseboard.desktop.projects import projects_model
from cheeseboard.desktop.projects.project_rows import Rows, find_change, follow
from cheeseboard.desktop.projects.projects_model import Column, ProjectsModel
from cheeseboard.desktop.projects.version_keys import version_key
from cheeseboard.repository.snapshot import Snapshot

numbers = st.integers(0, 120)
versions = st.builds(
    lambda epoch, release, pre, post, dev, local: Version(
        f"{epoch}!{'.'.join(map(str, release))}{pre}{post}{dev}{local}"
    ),
    st.integers(0, 2),
    st.lists(numbers, min_size=1, max_size=4),
    st.sampled_from(["", "a1", "a10", "b2", "rc1", "rc12"]),
    st.sampled_from(["", ".post0", ".post9", ".post10"]),
    st.sampled_from(["", ".dev0", ".dev3", ".dev20"]),
    st.sampled_from(["", "+1", "+10", "+9.a", "+a", "+ab", "+a.1", "+local.2.x"]),
)


@settings(max_examples=500)
@given(versions, versions)
def test_a_versions_key_sorts_as_the_version_does(one: Version, other: Version) -> None:
    keys = version_key(one), version_key(other)

    assert (keys[0] < keys[1]) == (one < other)
    assert (keys[0] == keys[1]) == (one == other)


def random_snapshot(dice: random.Random, before: Snapshot) -> Snapshot:
    names = dice.sample([f"p{number:02}" for number in range(16)], dice.randrange(10, 15))
    return make_snapshot(
        [
            make_file(f"{name}-{dice.randrange(3)}.{patch}.tar.gz", upload_time_us=dice.randrange(5))
            for name in names
            for patch in range(dice.randrange(1, 3))
        ],
        before,
    )


def shown(model: ProjectsModel) -> list[str]:
    return [f"{model.row_at(at).name} {model.row_at(at).latest}" for at in range(model.rowCount())]


@pytest.mark.parametrize("seed", range(4))
def test_changed_rows_stand_where_sorting_would_put_them(qtbot: QtBot, qapp: QApplication, seed: int) -> None:
    dice = random.Random(seed)
    model, whole = ProjectsModel(lambda: NOW), ProjectsModel(lambda: NOW)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    snapshot: Snapshot = Snapshot()
    rows: Rows = {}
    for _ in range(8):
        column, order = dice.randrange(len(Column)), dice.choice(list(Qt.SortOrder))
        text = dice.choice(["", "", "p1", "2.0"])
        for one in (model, whole):
            one.sort(column, order)
            one.filter(text)
        snapshot = random_snapshot(dice, snapshot)
        change = find_change(snapshot, rows)
        rows = follow(rows, change)

        model.change_rows(change)
        whole.show_rows(rows.values())

        assert shown(model) == shown(whole)
        assert model.total == len(snapshot.projects)
    assert tester.model() is model


def test_one_changed_project_among_many_sorts_and_resets_nothing(
    qtbot: QtBot, open_window: OpenWindow, service: MemoryService, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [make_file(f"project{number:04}-1.0.tar.gz") for number in range(1200)]
    service.snapshot = make_snapshot(files)
    window = open_window(service)
    window.table.sortByColumn(Column.LATEST, Qt.SortOrder.DescendingOrder)
    resets: list[int] = []
    window.model.modelReset.connect(lambda: resets.append(1))
    for name in ("sort_rows", "by_name"):
        monkeypatch.delattr(projects_model, name)

    service.publish([*files, make_file("project0700-3.0.tar.gz"), make_file("aaa-2.0.tar.gz")])
    qtbot.waitUntil(lambda: window.model.total == 1201)

    assert shown(window.model)[:3] == ["project0700 3.0", "aaa 2.0", "project0000 1.0"]
    assert resets == []


def test_the_panel_shows_what_became_of_the_selected_project(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.select(name_of("acme-geo"))

    six.publish([*six.snapshot.files(), make_file("acme_geo-9.0.tar.gz")])
    qtbot.waitUntil(lambda: window.panel.project is six.snapshot.projects[name_of("acme-geo")])

    assert [project.name for project in window.table.selected_projects()] == ["acme-geo"]


def test_when_the_selected_project_goes_its_neighbour_is_selected(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    window.table.select(name_of("acme-geo"))

    six.publish([file for file in six.snapshot.files() if file.project != "acme-geo"])
    qtbot.waitUntil(lambda: window.model.total == 5)

    current = window.table.current_project()
    assert current is not None
    assert current.name == "data-loaders"
    assert window.table.selected_projects() == (current,)
    assert window.panel.project is current
