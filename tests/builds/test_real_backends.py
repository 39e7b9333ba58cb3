"""Backends that people use, installed from the machine's own index, building in isolation."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.builds.conftest import Bench

from cheeseboard.builds.build import Built
from cheeseboard.distributions.distribution import Distribution
from cheeseboard.distributions.judge import judge

pytestmark = pytest.mark.full

# As the machine has it, before a test's own environment is cleaned: by it installers find their index.
MACHINE = dict(os.environ)
PROJECT = '[project]\nname = "acme-core"\n'
SYSTEM = '[build-system]\nrequires = [{requires}]\nbuild-backend = "{backend}"\n'
FLIT = SYSTEM.format(requires='"flit_core"', backend="flit_core.buildapi")
HATCH = SYSTEM.format(requires='"hatchling"', backend="hatchling.build")
HATCH_VCS = SYSTEM.format(requires='"hatchling", "hatch-vcs"', backend="hatchling.build")
SETUPTOOLS = SYSTEM.format(requires='"setuptools"', backend="setuptools.build_meta")
SETUP = "from setuptools import setup\nsetup(name='acme-core', version='7.0.1', packages=['acme_core'])\n"


@pytest.mark.parametrize(
    ("pyproject", "setup"),
    [
        (FLIT + PROJECT + 'version = "7.0.1"\ndescription = "x"\n', ""),
        (HATCH + PROJECT + 'version = "7.0.1"\n', ""),
        (HATCH_VCS + PROJECT + 'dynamic = ["version"]\n[tool.hatch.version]\nsource = "vcs"\n', ""),
        (SETUPTOOLS + PROJECT + 'version = "7.0.1"\n', ""),
        ("", SETUP),
    ],
    ids=["flit", "hatchling", "hatch-vcs", "setuptools", "setup.py"],
)
def test_it_builds_what_passes_the_door(bench: Bench, tmp_path: Path, pyproject: str, setup: str) -> None:
    bench.environ = {name: value for name, value in MACHINE.items() if name != "VIRTUAL_ENV"}
    tree = tmp_path / "acme-core"
    (tree / "acme_core").mkdir(parents=True)
    (tree / "acme_core" / "__init__.py").write_text('"""Acme."""\n')
    for name, text in (("pyproject.toml", pyproject), ("setup.py", setup)):
        if text:
            (tree / name).write_text(text)
    git = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@acme.example"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "First"], ["tag", "v7.0.1"]):
        subprocess.run([*git, *words], cwd=tree, check=True)

    built = bench.build(tree, seconds=300)

    assert isinstance(built, Built), bench.log.text()
    verdicts = [judge(path) for path in built.files]
    assert [one.filename for one in verdicts if isinstance(one, Distribution)] == [
        path.name for path in built.files
    ]
    assert [str(one.version) for one in verdicts if isinstance(one, Distribution)] == ["7.0.1"] * 2
    status = subprocess.run([*git, "status", "--porcelain"], cwd=tree, capture_output=True, check=True)
    assert status.stdout == b""
