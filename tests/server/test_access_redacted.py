"""What somebody may send us when something is wrong holds no token, wherever one stood."""

from pathlib import Path

import pytest

from cheeseboard.server.access.tokens import make_secret
from cheeseboard.service.diagnostics import Person, redact

SOMEBODY = Person(Path("/home/ada"), "ada", "adas-computer")


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "the token {}.",
        '"{}"',
        "https://__token__:{}@localhost:8443/simple/",
        "machine localhost login __token__ password {}",
        "--token={}",
        "a-{}-b",
        "<{}>",
    ],
)
def test_no_token_of_ours_is_told(text: str) -> None:
    for _ in range(200):
        secret = make_secret()
        told = redact(text.format(secret), SOMEBODY)
        assert secret[12:] not in told
        assert secret[:30] not in told


def test_names_that_begin_like_a_token_are_told() -> None:
    assert redact("cheeseboard-window cheeseboard-0.1", SOMEBODY) == "cheeseboard-window cheeseboard-0.1"
