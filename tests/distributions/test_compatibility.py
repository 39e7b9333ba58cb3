"""Which file an installer would take: held against pip's own evaluator, and once against ``pip download``."""

import importlib
import os
import subprocess
import sys
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from tests.builders import build_wheel

from cheeseboard.distributions.compatibility import (
    Offer,
    Reason,
    System,
    Target,
    Verdict,
    judge,
    platforms_of,
)
from cheeseboard.distributions.distribution import Kind

LINUX = Target(Version("3.12.4"), platforms_of(System.LINUX_X86_64))


def offer(filename: str, **facts: Any) -> Offer:
    if filename.endswith(".whl"):
        return Offer(filename, Kind.WHEEL, filename.split("-")[1], **facts)
    return Offer(filename, Kind.SDIST, filename.removesuffix(".tar.gz").rsplit("-", 1)[1], **facts)


def reasons(*offers: Offer, target: Target = LINUX, **choices: Any) -> list[Reason | None]:
    return [verdict.reason for verdict in judge(offers, target, **choices)]


def test_the_newest_version_is_taken() -> None:
    assert reasons(offer("a-1.0-py3-none-any.whl"), offer("a-1.10-py3-none-any.whl")) == [Reason.OLDER, None]


def test_a_wheel_is_preferred_to_source_of_the_same_version() -> None:
    assert reasons(offer("a-1.0.tar.gz"), offer("a-1.0-py3-none-any.whl")) == [Reason.LESS_SUITED, None]


def test_newer_source_is_preferred_to_an_older_wheel() -> None:
    assert reasons(offer("a-1.1.tar.gz"), offer("a-1.0-py3-none-any.whl")) == [None, Reason.OLDER]


def test_a_wheel_for_another_python_or_system_is_refused_for_that() -> None:
    assert reasons(
        offer("a-1.0-cp311-cp311-manylinux_2_17_x86_64.whl"),
        offer("a-1.0-cp312-cp312-win_amd64.whl"),
        offer("a-1.0-cp312-cp312-manylinux_2_38_x86_64.whl"),
        offer("a-1.0-py2-none-any.whl"),
    ) == [Reason.WRONG_PYTHON, Reason.WRONG_SYSTEM, Reason.WRONG_SYSTEM, Reason.WRONG_PYTHON]


def test_requires_python_refuses_and_is_named() -> None:
    (verdict,) = judge([offer("a-1.0-py3-none-any.whl", requires_python=">=3.13")], LINUX)
    assert (verdict.reason, verdict.detail) == (Reason.REQUIRES_PYTHON, ">=3.13")


def test_an_unreadable_requires_python_is_ignored_as_installers_do() -> None:
    assert reasons(offer("a-1.0.tar.gz", requires_python="three")) == [None]


def test_a_pre_release_is_taken_only_when_there_is_nothing_else_or_somebody_asks() -> None:
    offers = offer("a-2.0rc1.tar.gz"), offer("a-1.0.tar.gz")
    assert reasons(*offers) == [Reason.PRE_RELEASE, None]
    assert reasons(offers[0]) == [None]
    assert reasons(*offers, pre_releases=True) == [None, Reason.OLDER]
    assert reasons(*offers, asked_for=SpecifierSet("==2.0rc1")) == [None, Reason.NOT_ASKED_FOR]


def test_a_yanked_file_is_taken_only_when_its_version_is_pinned() -> None:
    yanked = offer("a-1.0.tar.gz", yanked="broken")
    (verdict,) = judge([yanked], LINUX)
    assert (verdict.reason, verdict.detail) == (Reason.YANKED, "broken")
    assert reasons(yanked, asked_for=SpecifierSet("==1.0")) == [None]
    assert reasons(yanked, asked_for=SpecifierSet("==1.*")) == [Reason.YANKED]


def test_source_is_refused_where_only_wheels_are_wanted() -> None:
    assert reasons(offer("a-1.0.tar.gz"), only_wheels=True) == [Reason.SOURCE]


def test_verdicts_come_in_the_order_of_the_offers() -> None:
    offers = [offer(f"a-{number}.0.tar.gz") for number in (2, 9, 1)]
    assert [verdict.offer for verdict in judge(offers, LINUX)] == offers


# --- against pip ----------------------------------------------------------------------------------

versions = st.sampled_from(["0.9", "1.0", "1.0.post1", "1.1rc1", "1.1", "2.0.dev1", "2.0"])
tags = st.sampled_from(
    [
        "py3-none-any",
        "py2.py3-none-any",
        "py2-none-any",
        "cp312-none-any",
        "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "cp312-cp312-manylinux_2_5_x86_64",
        "cp310-abi3-manylinux_2_28_x86_64",
        "cp311-cp311-linux_x86_64",
        "cp312-abi3-win_amd64",
        "py3-none-manylinux_2_12_x86_64",
        "py310-none-any",
    ]
)
builds = st.sampled_from(["", "", "-1", "-2", "-10a"])
pythons = st.sampled_from([None, None, ">=3.8", ">=3.12.1", ">=3.13", "<3.12", "three", "!=3.12.*"])
yanks = st.sampled_from([None, None, None, "", "broken"])


@st.composite
def some_offers(draw: st.DrawFn) -> Offer:
    version = draw(versions)
    if draw(st.integers(0, 3)):
        return offer(
            f"a-{version}{draw(builds)}-{draw(tags)}.whl", requires_python=draw(pythons), yanked=draw(yanks)
        )
    return offer(f"a-{version}.tar.gz", requires_python=draw(pythons), yanked=draw(yanks))


def _prereleases(*, pre: bool) -> dict[str, Any]:
    """Return what tells this pip's evaluator whether to take pre-releases; pip 26 renamed it."""
    from pip._internal.index.package_finder import CandidateEvaluator

    if "allow_all_prereleases" in signature(CandidateEvaluator.create).parameters:
        return {"allow_all_prereleases": pre}
    control = importlib.import_module("pip._internal.models.release_control").ReleaseControl
    return {"release_control": control(all_releases={":all:"} if pre else set())}


def pips_choice(offers: list[Offer], asked_for: str, *, only_wheels: bool, pre: bool) -> str | None:
    """Return the file that pip's own evaluator takes, as its resolver asks it."""
    from pip._internal.index.package_finder import CandidateEvaluator, LinkEvaluator, LinkType
    from pip._internal.models.candidate import InstallationCandidate
    from pip._internal.models.link import Link
    from pip._internal.models.target_python import TargetPython
    from pip._vendor.packaging.specifiers import SpecifierSet as PipsSpecifierSet

    target = TargetPython(
        platforms=list(LINUX.platforms), py_version_info=(3, 12, 4), abis=None, implementation="cp"
    )
    formats = frozenset({"binary"} if only_wheels else {"binary", "source"})
    evaluator = LinkEvaluator("a", "a", formats, target, allow_yanked=True)
    candidates = []
    for one in offers:
        link = Link(
            f"https://localhost/a/{one.filename}",
            requires_python=one.requires_python,
            yanked_reason=one.yanked,
        )
        kind, version = evaluator.evaluate_link(link)
        if kind is LinkType.candidate:
            candidates.append(InstallationCandidate("a", str(version), link))
    specifier = PipsSpecifierSet(asked_for)
    found = CandidateEvaluator.create(
        "a", target_python=target, specifier=specifier, **_prereleases(pre=pre)
    ).get_applicable_candidates(candidates)
    pinned = any(s.operator == "===" or (s.operator == "==" and ".*" not in s.version) for s in specifier)
    takes_yanked = pinned and all(candidate.link.is_yanked for candidate in found)
    for candidate in reversed(found):
        if takes_yanked or not candidate.link.is_yanked:
            return str(candidate.link.filename)
    return None


def chosen(verdicts: tuple[Verdict, ...]) -> list[str]:
    return [verdict.offer.filename for verdict in verdicts if verdict.reason is None]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(some_offers(), max_size=8, unique_by=lambda one: one.filename),
    # Without --pre, a range that only pre-releases match found nothing before pip vendored packaging 25.1;
    # since then it finds them, as PEP 440 says and as we do. So ranges are asked for with --pre alone.
    st.sampled_from([(one, False) for one in ("", "==1.0", "==2.0.dev1", ">=1.1rc1")])
    | st.sampled_from([(one, True) for one in ("", "==1.*", ">=1.0", "<2", "!=1.1")]),
    st.booleans(),
)
def test_it_chooses_what_pip_chooses(offers: list[Offer], asked: tuple[str, bool], only_wheels: bool) -> None:
    pytest.importorskip("pip")
    asked_for, pre = asked
    verdicts = judge(
        offers, LINUX, asked_for=SpecifierSet(asked_for), only_wheels=only_wheels, pre_releases=pre
    )
    theirs = pips_choice(offers, asked_for, only_wheels=only_wheels, pre=pre)

    assert len(verdicts) == len(offers)
    ours = chosen(verdicts)
    assert len(ours) <= 1
    # where two wheels are equal to pip to the last tag, either may be first
    assert ours == ([theirs] if theirs else []) or (
        theirs is not None and {*ours, theirs} <= _equals(ours, offers)
    )


def _equals(ours: list[str], offers: list[Offer]) -> set[str]:
    """Return the files that pip's order does not tell from ours."""
    from cheeseboard.distributions.compatibility import _preference

    mine = [one for one in offers if one.filename in ours]
    return {
        one.filename
        for one in offers
        for other in mine
        if judge([one], LINUX)[0].reason not in (Reason.WRONG_PYTHON, Reason.WRONG_SYSTEM)
        and _preference(one, LINUX) == _preference(other, LINUX)
    }


def test_pip_download_takes_the_same_wheel(tmp_path: Path) -> None:
    names = [
        "acme-1.0-py3-none-any.whl",
        "acme-1.1-cp311-cp311-manylinux_2_17_x86_64.whl",
        "acme-1.1-cp312-cp312-win_amd64.whl",
        "acme-1.1rc1-py3-none-any.whl",
    ]
    shelf, taken = tmp_path / "shelf", tmp_path / "taken"
    shelf.mkdir()
    for name in names:
        version = name.split("-")[1]
        (shelf / name).write_bytes(build_wheel("acme", version))
    command = [sys.executable, "-m", "pip", "download", "--no-index", "--find-links", str(shelf)]
    command += ["--only-binary", ":all:", "--python-version", "3.12.4", "--implementation", "cp"]
    command += ["--platform", "manylinux_2_17_x86_64", "--no-deps", "--dest", str(taken), "acme"]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CONFIG_FILE": os.devnull}
    result = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stderr

    verdicts = judge([offer(name) for name in names], LINUX, only_wheels=True)

    assert chosen(verdicts) == [path.name for path in taken.iterdir()]
