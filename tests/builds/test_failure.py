"""Causes that are read out of what real tools print."""

import pytest

from cheeseboard import wording
from cheeseboard.builds.failure import BuildFailure, Step, explain, step_of

PRINTED = [
    (
        Step.REQUIREMENTS,
        "<   × No solution found when resolving dependencies:\n<   ╰─▶ Because hatchlin was not found in the",
        BuildFailure.REQUIREMENT_NOT_FOUND,
        "hatchlin",
    ),
    (
        Step.REQUIREMENTS,
        "< ERROR: Could not find a version that satisfies the requirement flit_core<0.1 (from versions: 3)",
        BuildFailure.REQUIREMENT_NOT_FOUND,
        "flit_core<0.1",
    ),
    (
        Step.REQUIREMENTS,
        "< error: Failed to fetch: `x`\n<   Caused by: invalid peer certificate: UnknownIssuer",
        BuildFailure.INDEX_UNTRUSTED,
        "",
    ),
    (Step.REQUIREMENTS, "<   HTTP status client error (401 Unauthorized)", BuildFailure.INDEX_REFUSED, ""),
    (Step.REQUIREMENTS, "<   Caused by: dns error: failed to lookup", BuildFailure.INDEX_UNREACHABLE, ""),
    (
        Step.WHEEL,
        "  building 'x' extension\nerror: command 'gcc' failed: No such file or directory",
        BuildFailure.COMPILER_MISSING,
        "gcc",
    ),
    (
        Step.WHEEL,
        "error: Microsoft Visual C++ 14.0 or greater is required. Get it with ...",
        BuildFailure.COMPILER_MISSING,
        "Microsoft Visual C++",
    ),
    (
        Step.WHEEL,
        "src/x.c:1:10: fatal error: Python.h: No such file or directory\ncompilation terminated.",
        BuildFailure.HEADER_MISSING,
        "Python.h",
    ),
    (
        Step.SDIST,
        "LookupError: setuptools-scm was unable to detect version for /x.",
        BuildFailure.VERSION_UNKNOWN,
        "",
    ),
    (Step.SDIST, "ModuleNotFoundError: No module named 'numpy'", BuildFailure.MODULE_MISSING, "numpy"),
    (
        Step.SDIST,
        "OSError: Readme file does not exist: README.md",
        BuildFailure.FILE_MISSING,
        "Readme file does not exist: README.md",
    ),
    (Step.WHEEL, "OSError: [Errno 28] No space left on device", BuildFailure.NO_SPACE, ""),
    (
        Step.ENVIRONMENT,
        "ERROR Failed to create venv. Maybe try installing virtualenv.",
        BuildFailure.NO_ENVIRONMENT,
        "ERROR Failed to create venv. Maybe try installing virtualenv",
    ),
    (Step.SDIST, "something\nRuntimeError: 1 = 2\n", BuildFailure.FAILED, "RuntimeError: 1 = 2"),
]


@pytest.mark.parametrize(("step", "printed", "reason", "detail"), PRINTED)
def test_the_cause_is_named(step: Step, printed: str, reason: BuildFailure, detail: str) -> None:
    found, why = explain(printed.splitlines(), step, 1)

    assert (found, why.rstrip(".")) == (reason, detail)


def test_a_killed_backend_was_most_likely_out_of_memory() -> None:
    assert explain(["..."], Step.WHEEL, -9) == (BuildFailure.ENDED_BY_SYSTEM, "")


def test_the_steps_of_pypa_build_are_known() -> None:
    lines = ["* Creating isolated environment: venv+uv...", "* Building sdist...", "  - hatchling"]

    assert [step_of(line) for line in lines] == [Step.ENVIRONMENT, Step.SDIST, None]


@pytest.mark.parametrize("reason", BuildFailure)
def test_every_cause_has_a_sentence_that_names_the_project(reason: BuildFailure) -> None:
    sentence = wording.build_failure(reason, "acme-core", "a detail")

    assert sentence.startswith("acme-core ")
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_every_step_has_a_sentence() -> None:
    assert set(wording.BUILD_STEPS) == set(Step)
