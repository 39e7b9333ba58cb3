"""Which folders are offered to be built, by their files alone."""

from pathlib import Path

import pytest
from tests.builds.trees import make_tree

from cheeseboard.builds.source_tree import find_source_trees, read_source_tree, surroundings

SYSTEM = '[build-system]\nrequires = []\nbuild-backend = "x"\n'


def write(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(text)
    return folder


def test_a_project_says_its_name_and_version(tmp_path: Path) -> None:
    tree = read_source_tree(make_tree(tmp_path / "checkout"))

    assert tree is not None
    assert (tree.name, tree.version, tree.built) == ("acme-core", "7.0.1", ())


def test_without_a_name_the_folders_is_used(tmp_path: Path) -> None:
    (tmp_path / "legacy").mkdir()
    (tmp_path / "legacy" / "setup.py").write_text("raise SystemExit('not to be run')")

    tree = read_source_tree(tmp_path / "legacy")

    assert tree is not None
    assert (tree.name, tree.version) == ("legacy", "")


@pytest.mark.parametrize(
    "text",
    [
        "[tool.ruff]\nline-length = 100\n",
        '[project]\nname = "app"\nversion = "1"\n[tool.uv]\npackage = false\n',
        SYSTEM + "[tool.poetry]\npackage-mode = false\n",
        '[project]\nname = "app"\n[tool.pdm]\ndistribution = false\n',
    ],
)
def test_what_says_that_it_is_no_package_is_not_offered(tmp_path: Path, text: str) -> None:
    assert read_source_tree(write(tmp_path, text)) is None


def test_a_pyproject_that_is_no_toml_is_offered_so_that_its_mistake_can_be_told(tmp_path: Path) -> None:
    assert read_source_tree(write(tmp_path / "broken", "[project")) is not None


def test_files_that_were_built_before_are_known(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "checkout")
    (tree / "dist").mkdir()
    for name in ("acme_core-7.0.0.tar.gz", "acme_core-7.0.0-py3-none-any.whl", ".gitignore"):
        (tree / "dist" / name).write_bytes(b"")

    (found,) = find_source_trees(tree)

    assert [path.suffix for path in found.built] == [".whl", ".gz"]


def test_every_project_of_a_larger_checkout_is_offered_but_no_example(tmp_path: Path) -> None:
    write(tmp_path, "[tool.ruff]\n")
    for place in ("packages/core", "packages/auth", "cli"):
        make_tree(tmp_path / place, name=Path(place).name)
    for place in ("packages/core/vendored", "tests/data/sample", "examples/one", ".hidden/x", "a/b/c/d/deep"):
        make_tree(tmp_path / place, name="never")
    (tmp_path / "packages" / "loop").symlink_to(tmp_path)

    assert [tree.name for tree in find_source_trees(tmp_path)] == ["cli", "auth", "core"]


def test_a_project_at_the_top_is_the_only_one_offered(tmp_path: Path) -> None:
    make_tree(tmp_path)
    make_tree(tmp_path / "plugins" / "one", name="one")

    assert [tree.name for tree in find_source_trees(tmp_path)] == ["acme-core"]


def test_a_folder_of_wheels_is_searched_for_no_projects(tmp_path: Path) -> None:
    make_tree(tmp_path / "unpacked")
    (tmp_path / "acme_core-7.0.0-py3-none-any.whl").write_bytes(b"")

    assert find_source_trees(tmp_path) == ()


def test_files_and_missing_folders_are_no_trees(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(SYSTEM)

    assert find_source_trees(tmp_path / "pyproject.toml") == ()
    assert find_source_trees(tmp_path / "nowhere") == ()


def test_a_project_that_names_files_outside_is_built_with_the_checkout_around_it(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    reaching = make_tree(tmp_path / "packages" / "core")
    (reaching / "pyproject.toml").write_text(SYSTEM + '[tool.x]\nfile = "../../LICENSE"\n')
    alone = make_tree(tmp_path / "packages" / "auth")
    trees = {tree.path: tree for tree in find_source_trees(tmp_path)}

    assert surroundings(trees[reaching]) == tmp_path.resolve()
    assert surroundings(trees[alone]) == alone


@pytest.mark.parametrize("value", ["[" * 5000 + "]" * 5000, "{a=" * 3000 + "1" + "}" * 3000])
def test_a_pyproject_that_nests_without_end_is_offered_like_any_broken_one(
    tmp_path: Path, value: str
) -> None:
    assert find_source_trees(write(tmp_path / "deep", f"[project]\nname = 'x'\nmore = {value}\n"))


def test_a_name_and_a_version_that_are_none_are_not_shown(tmp_path: Path) -> None:
    text = '[project]\nname = "\\u001b[31m<b>acme</b>\\u202e"\nversion = "1\\n\\u001b[2J"\n'
    tree = read_source_tree(write(tmp_path / "checkout", SYSTEM + text))
    assert tree is not None
    assert (tree.name, tree.version) == ("checkout", "")
