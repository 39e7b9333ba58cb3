"""A packaged application can still make the join script: its recipe carries the sources as files."""

import ast
import importlib.util
from pathlib import Path

from cheeseboard.clients.join import SOURCES, make_join_script

SPEC = Path(__file__).parents[2] / "packaging" / "pyinstaller" / "cheeseboard.spec"


def test_the_recipe_takes_what_the_script_is_made_of_from_where_the_script_does() -> None:
    recipe = ast.parse(SPEC.read_text("utf-8"))
    imported = [
        (node.module, alias.name)
        for node in ast.walk(recipe)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert ("cheeseboard.clients.join", "SOURCES") in imported
    (analysis,) = (
        node
        for node in ast.walk(recipe)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Analysis"
    )
    datas = next(keyword.value for keyword in analysis.keywords if keyword.arg == "datas")
    assert "JOINED" in ast.unparse(datas)
    assert "cheeseboard/resources" in ast.unparse(datas)


def test_every_part_lies_where_the_recipe_puts_it() -> None:
    for module in SOURCES:
        assert module.__name__.startswith("cheeseboard.clients.")
        found = importlib.util.find_spec(module.__name__)
        assert found is not None
        assert found.origin is not None
        assert Path(found.origin).parts[-3:-1] == ("cheeseboard", "clients")


def test_the_script_needs_no_part_that_is_not_among_them() -> None:
    content = make_join_script(name="x", ca_pem=b"", ca_sha256="").content.decode()
    assert "import cheeseboard" not in content
    assert "from cheeseboard" not in content
