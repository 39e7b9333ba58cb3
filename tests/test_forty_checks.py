"""Each of the forty checks of the window's design (UX.md) is a test that says its number."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
NAMED = re.compile(r"\Atest_check((?:_(?:and_)?\d\d)+)_")


def numbered(source: str) -> Iterator[int]:
    """Yield the numbers of the checks that a file's tests say they are, with something asserted in each."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef) or not (match := NAMED.match(node.name)):
            continue
        claims = any(isinstance(each, ast.Assert) or _waits(each) for each in ast.walk(node))
        if claims:
            yield from map(int, re.findall(r"\d\d", match[1]))


def _waits(node: ast.AST) -> bool:
    """Tell whether a condition with a deadline is waited for, which fails when it never comes true."""
    called = node.func if isinstance(node, ast.Call) else None
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in {"waitUntil", "eventually"}


@pytest.fixture(scope="module")
def found() -> dict[int, list[str]]:
    """Return the files in which each number has a test."""
    checks: dict[int, list[str]] = {}
    for room in ("desktop", "end_to_end"):
        for path in sorted((TESTS / room).glob("test_*.py")):
            for number in numbered(path.read_text("utf-8")):
                checks.setdefault(number, []).append(path.name)
    return checks


@pytest.mark.parametrize("number", range(1, 41))
def test_the_check_has_a_test_of_its_number(found: dict[int, list[str]], number: int) -> None:
    assert found.get(number), f"check {number:02} of UX.md has no test"


def test_no_test_says_a_number_that_is_none(found: dict[int, list[str]]) -> None:
    assert [number for number in found if not 1 <= number <= 40] == []


def test_a_number_counts_only_where_something_is_claimed() -> None:
    assert list(numbered("def test_check_07_x():\n    assert 1")) == [7]
    assert list(numbered("def test_check_06_and_10_x(q):\n    q.waitUntil(f)")) == [6, 10]
    assert list(numbered("def test_check_07_x():\n    pass\ndef check_08_x():\n    assert 1")) == []
