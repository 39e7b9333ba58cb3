"""What is odd about a file is told where files are listed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.builders import write_wheel


def test_a_listed_file_tells_what_is_odd_about_it(
    command: Callable[..., tuple[int, list[dict[str, Any]]]],
    say: Callable[..., tuple[int, str]],
    tmp_path: Path,
) -> None:
    command("add", str(write_wheel(tmp_path, "plain", "1.0")))
    command("add", str(write_wheel(tmp_path, "odd", "1.0", requires_python=">=three")))

    _, [plain] = command("list", "plain")
    _, [odd] = command("list", "odd")
    _, text = say("list", "odd")

    assert plain["warnings"] == []
    assert [warning["reason"] for warning in odd["warnings"]] == ["invalid-requires-python"]
    assert odd["warnings"][0]["message"] in text
    assert "    warning: Its Requires-Python isn't valid" in text
