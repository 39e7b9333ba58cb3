"""The house stands as it is meant: arrows point one way, and the check itself looks at something."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "cheeseboard"


def test_import_contracts_hold_and_were_held_against_every_file() -> None:
    result = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    analyzed = re.search(r"Analyzed (\d+) files", result.stdout)
    assert analyzed is not None
    assert int(analyzed[1]) >= len(list(SOURCE.rglob("*.py"))) > 30
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    assert f"{len(contracts)} kept, 0 broken" in result.stdout


def test_no_other_room_than_the_desktop_imports_qt_not_even_inside_a_function() -> None:
    looked_at = 0
    for path in SOURCE.rglob("*.py"):
        if path.is_relative_to(SOURCE / "desktop"):
            continue
        looked_at += 1
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if name.startswith(("PySide6", "shiboken6"))], path
    assert looked_at > 20


def test_importing_the_command_line_loads_no_qt() -> None:
    code = "import sys, cheeseboard.__main__; sys.exit(any(m.startswith('PySide6') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_packaging_folder_does_not_shadow_the_library() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()


def test_no_file_spells_a_public_registry() -> None:
    dot = "[.]"
    hosts = re.compile(f"pypi{dot}org|python{'hosted'}{dot}org|registry{dot}npm{'js'}|deb{dot}deb{'ian'}")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        names = listed.stdout.splitlines()
    else:  # an unpacked sdist has no repository
        names = [str(p.relative_to(ROOT)) for p in ROOT.glob("[!.]*/**/*") if p.is_file()]
    assert len(names) > 30
    spelled = [
        name
        for name in names
        if (ROOT / name).is_file() and hosts.search((ROOT / name).read_text("utf-8", "replace"))
    ]
    assert spelled == []
