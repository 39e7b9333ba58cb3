"""Retention: what rules let go, and that it is never what people install."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import NormalizedName
from packaging.version import Version

from cheeseboard.distributions.distribution import Kind
from cheeseboard.repository.retention import Lapse, choose_lapsed, rule_for
from cheeseboard.repository.snapshot import File, Project, ProjectStatus, Snapshot
from cheeseboard.settings import RetentionRule

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NOW_US = int(NOW.timestamp()) * 1_000_000


def release(version: str, days_old: float = 0, *, yanked: str | None = None, project: str = "acme") -> File:
    return File(
        filename=f"{project}-{version}-py3-none-any.whl",
        project=NormalizedName(project),
        version=version,
        kind=Kind.WHEEL,
        size=10,
        sha256="00" * 32,
        metadata_sha256="00" * 32,
        summary="",
        requires_python=None,
        upload_time_us=int((NOW - timedelta(days=days_old)).timestamp() * 1_000_000),
        yanked=yanked,
    )


def holding(*files: File, status: ProjectStatus = ProjectStatus.ACTIVE) -> Snapshot:
    newest_first = tuple(sorted(files, key=lambda file: Version(file.version), reverse=True))
    name = files[0].project
    return Snapshot(1, {name: Project(name, str(name), newest_first, status)}, len(files), 0)


def gone(snapshot: Snapshot, *rules: RetentionRule) -> dict[str, Lapse]:
    return {each.file.version: each.reason for each in choose_lapsed(snapshot, rules, NOW_US)}


def test_the_last_n_releases_are_kept() -> None:
    snapshot = holding(*(release(f"1.{number}") for number in range(5)))
    assert gone(snapshot, RetentionRule(keep_releases=2)) == dict.fromkeys(
        ["1.2", "1.1", "1.0"], Lapse.OLDER_RELEASE
    )


def test_pre_releases_push_out_no_final_release() -> None:
    snapshot = holding(release("1.0"), release("2.0rc1"), release("2.0rc2"), release("0.9"))
    assert gone(snapshot, RetentionRule(keep_releases=1)) == {"0.9": Lapse.OLDER_RELEASE}


def test_yanked_releases_push_out_no_release_that_people_can_install() -> None:
    snapshot = holding(
        release("1.0"), release("1.1", yanked="bad"), release("1.2", yanked=""), release("0.9")
    )
    assert gone(snapshot, RetentionRule(keep_releases=1)) == {"0.9": Lapse.OLDER_RELEASE}


def test_a_project_that_is_yanked_as_a_whole_loses_nothing() -> None:
    snapshot = holding(release("1.0", yanked=""), release("1.1", yanked=""))
    assert gone(snapshot, RetentionRule(keep_releases=1)) == {}


def test_old_pre_releases_go_and_young_ones_stay() -> None:
    snapshot = holding(
        release("1.0", 90), release("1.1rc1", 31), release("1.1rc2", 29), release("1.1.dev1", 40)
    )
    assert gone(snapshot, RetentionRule(prerelease_days=30)) == dict.fromkeys(
        ["1.1rc1", "1.1.dev1"], Lapse.OLD_PRERELEASE
    )


def test_the_only_release_stays_even_if_it_is_an_old_pre_release() -> None:
    assert gone(holding(release("1.0a1", 400)), RetentionRule(prerelease_days=1, keep_releases=1)) == {}


@pytest.mark.parametrize("status", [ProjectStatus.ARCHIVED, ProjectStatus.QUARANTINED])
def test_what_was_closed_stays_as_it_was_closed(status: ProjectStatus) -> None:
    snapshot = holding(release("1.0"), release("1.1"), status=status)
    assert gone(snapshot, RetentionRule(keep_releases=1)) == {}


def test_the_most_specific_rule_holds() -> None:
    everything, family = RetentionRule("*", 1), RetentionRule("Acme_*", 2)
    one = RetentionRule("acme-core", 3)
    assert rule_for("acme-core", [everything, one, family]) == one
    assert rule_for("acme-web", [everything, one, family]) == family
    assert rule_for("other", [everything, one, family]) == everything
    assert rule_for("other", [family]) is None


VERSIONS = st.sampled_from(["0.9", "1.0a1", "1.0rc1", "1.0", "1.0.post1", "1.1.dev3", "1.1", "2.0b2", "2.0"])


@given(
    files=st.dictionaries(
        VERSIONS, st.tuples(st.floats(0, 500), st.sampled_from([None, "", "bad"])), min_size=1
    ),
    keep=st.none() | st.integers(1, 4),
    days=st.integers(0, 100),
)
def test_what_an_installer_takes_today_is_what_it_takes_afterwards(
    files: dict[str, tuple[float, str | None]], keep: int | None, days: int
) -> None:
    snapshot = holding(*(release(version, age, yanked=yank) for version, (age, yank) in files.items()))
    left = gone(snapshot, RetentionRule("*", keep, days))
    kept = [
        release(version, age, yanked=yank) for version, (age, yank) in files.items() if version not in left
    ]
    name = NormalizedName("acme")
    assert holding(*kept).projects[name].latest == snapshot.projects[name].latest
