"""The copy that is built: all that a build may need, nothing else, and the original untouched."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builds.trees import contents, make_tree

from cheeseboard.builds.copying import CopyCancelled, copy_tree

GIT = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@acme.example", "-c", "init.defaultBranch=main"]


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run([*GIT, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def copy(source: Path, target: Path) -> tuple[Path, ...]:
    return copy_tree(source, target, lambda: False)


def test_environments_caches_and_former_results_are_passed_over(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree")
    for name in (".venv/x", "node_modules/x", "pkg/__pycache__/x", "build/lib/x", "pkg/build/x", ".tox/x"):
        (tree / name).mkdir(parents=True)
    (tree / "my-environment").mkdir()
    (tree / "my-environment" / "pyvenv.cfg").write_text("")
    (tree / "acme.egg-info").mkdir()
    (tree / "acme.egg-info" / "PKG-INFO").write_text("")
    (tree / "dist").mkdir()
    (tree / "dist" / "acme-1.0.tar.gz").write_text("")
    (tree / "dist" / "readme.txt").write_text("")

    assert copy(tree, tmp_path / "copy") == ()

    copied = set(contents(tmp_path / "copy"))
    assert copied == {
        "backend",
        "backend/own_backend.py",
        "dist",
        "dist/readme.txt",
        "module.py",
        "pkg",
        "pkg/build",
        "pkg/build/x",
        "pyproject.toml",
    }


def test_a_directory_named_build_of_the_projects_own_is_copied(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree")
    (tree / "build" / "scripts").mkdir(parents=True)
    (tree / "build" / "make.py").write_text("")

    copy(tree, tmp_path / "copy")

    assert (tmp_path / "copy" / "build" / "make.py").exists()


def test_modes_and_times_are_kept(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree")
    (tree / "module.py").chmod(0o755)
    os.utime(tree / "module.py", (1_000_000_000, 1_000_000_000))

    copy(tree, tmp_path / "copy")

    found = (tmp_path / "copy" / "module.py").stat()
    assert found.st_mode & 0o777 == 0o755
    assert found.st_mtime == 1_000_000_000


def test_links_that_loop_dangle_or_lead_to_the_top_do_no_harm(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree")
    (tree / "loop").symlink_to(".")
    (tree / "a").symlink_to("b")
    (tree / "b").symlink_to("a")
    (tree / "dangling").symlink_to("nowhere")
    (tree / "up").symlink_to("..")
    before = contents(tree)

    left_out = copy(tree, tmp_path / "copy")

    assert [path.name for path in left_out] == ["up"]
    copied = tmp_path / "copy"
    links = {path.name: str(path.readlink()) for path in copied.iterdir() if path.is_symlink()}
    assert links == {"loop": ".", "a": "b", "b": "a", "dangling": "nowhere"}
    assert contents(tree) == before


def test_what_links_bring_in_from_outside_is_copied_and_never_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "LICENSE").write_text("MIT")
    (outside / "back").symlink_to(outside)
    tree = make_tree(tmp_path / "tree")
    (tree / "LICENSE").symlink_to(outside / "LICENSE")
    (tree / "shared").symlink_to("../outside")

    copy(tree, tmp_path / "copy")

    copied = tmp_path / "copy"
    assert (copied / "LICENSE").read_text() == (copied / "shared" / "LICENSE").read_text() == "MIT"
    assert not (copied / "LICENSE").is_symlink()
    assert not (copied / "shared").is_symlink()


def test_an_absolute_link_inside_leads_to_the_copy(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree")
    (tree / "backend" / "link.py").symlink_to(tree / "module.py")

    copy(tree, tmp_path / "copy")

    assert (tmp_path / "copy" / "backend" / "link.py").resolve() == tmp_path / "copy" / "module.py"


@pytest.mark.skipif(os.name == "nt", reason="pipes in the file system are Unix's")
def test_pipes_and_sockets_are_passed_over_without_opening_them(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree")
    os.mkfifo(tree / "pipe")

    assert copy(tree, tmp_path / "copy") == ()
    assert not (tmp_path / "copy" / "pipe").exists()


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A directory that other users can reach, unlike pytest's."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


UNREADABLE = """
import os, sys
from pathlib import Path
from cheeseboard.builds.copying import copy_tree
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
print(*(path.name for path in copy_tree(Path(sys.argv[1]), Path(sys.argv[2]), lambda: False)))
"""


@pytest.mark.skipif(os.name == "nt", reason="modes are Unix's")
def test_what_cannot_be_read_is_left_out_and_told(open_to_all: Path) -> None:
    # Who runs the tests as root can read everything, so somebody else copies.
    tree = make_tree(open_to_all / "tree")
    for name in ("secret.txt", "module.py"):
        (tree / name).write_text("x")
    (tree / "secret.txt").chmod(0)
    (tree / "closed").mkdir(mode=0)
    place = open_to_all / "place"
    place.mkdir()
    place.chmod(0o777)

    done = subprocess.run(
        [sys.executable, "-c", UNREADABLE, str(tree), str(place / "copy")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.split() == ["closed", "secret.txt"], done.stderr
    assert (place / "copy" / "module.py").read_text() == "x"


def test_a_copy_inside_its_own_original_ends(tmp_path: Path) -> None:
    tree = make_tree(tmp_path / "tree")
    (tree / "state" / "builds").mkdir(parents=True)

    copy(tree, tree / "state" / "builds" / "source")

    copied = tree / "state" / "builds" / "source"
    assert (copied / "module.py").exists()
    assert list((copied / "state" / "builds").iterdir()) == []


def test_a_copy_that_nobody_wants_any_more_stops(tmp_path: Path) -> None:
    with pytest.raises(CopyCancelled):
        copy_tree(make_tree(tmp_path / "tree"), tmp_path / "copy", lambda: True)


# --- history ---


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    tree = make_tree(tmp_path / "checkout")
    (tree / ".gitignore").write_text("ignored\n")
    git(tree, "init", "-q")
    git(tree, "add", "-A")
    git(tree, "commit", "-qm", "First")
    git(tree, "tag", "-a", "v7.0.1", "-m", "release")
    return tree


def test_the_copy_of_a_checkout_has_its_tags_and_is_as_clean(checkout: Path, tmp_path: Path) -> None:
    before = contents(checkout)

    copy(checkout, tmp_path / "copy")

    assert git(tmp_path / "copy", "describe", "--tags", "--dirty") == "v7.0.1"
    assert git(tmp_path / "copy", "status", "--porcelain") == ""
    assert git(tmp_path / "copy", "ls-files") == git(checkout, "ls-files")
    git(tmp_path / "copy", "commit", "--allow-empty", "-qm", "In the copy alone")
    assert contents(checkout) == before


def test_uncommitted_changes_are_in_the_copy_and_make_it_dirty(checkout: Path, tmp_path: Path) -> None:
    (checkout / "module.py").write_text("changed = True\n")

    copy(checkout, tmp_path / "copy")

    assert (tmp_path / "copy" / "module.py").read_text() == "changed = True\n"
    assert git(tmp_path / "copy", "describe", "--tags", "--dirty") == "v7.0.1-dirty"


def test_worktrees_and_submodules_keep_their_history_too(checkout: Path, tmp_path: Path) -> None:
    worktree = tmp_path / "worktree"
    git(checkout, "worktree", "add", "-q", str(worktree), "-b", "other")
    outer = make_tree(tmp_path / "outer")
    git(outer, "init", "-q")
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(checkout), "inner")
    git(outer, "add", "-A")
    git(outer, "commit", "-qm", "Outer")

    copy(worktree, tmp_path / "copy-1")
    copy(outer, tmp_path / "copy-2")

    assert git(tmp_path / "copy-1", "describe", "--tags", "--dirty") == "v7.0.1"
    assert git(tmp_path / "copy-1", "rev-parse", "--show-toplevel") == str(tmp_path / "copy-1")
    assert git(tmp_path / "copy-2", "status", "--porcelain") == ""
    inner = tmp_path / "copy-2" / "inner"
    assert git(inner, "describe", "--tags", "--dirty") == "v7.0.1"
    assert git(inner, "rev-parse", "--show-toplevel") == str(inner)
