import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheeseboard.server.traffic.agent import Agent, read_agent

PIP = "pip/26.3 " + json.dumps(
    {
        "ci": None,
        "distro": {"name": "Debian GNU/Linux", "version": "12"},
        "implementation": {"name": "CPython", "version": "3.11.7"},
        "installer": {"name": "pip", "version": "26.3"},
        "python": "3.11.7",
        "system": {"name": "Linux", "release": "6.1"},
    }
)


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (PIP, Agent("pip/26.3", "3.11.7", "Linux")),
        (
            'uv/0.13.9 {"python":null,"implementation":{"version":"3.12.1"},"system":{"name":"Darwin"}}',
            Agent("uv/0.13.9", "3.12.1", "Darwin"),
        ),
        ("poetry/2.1.0 CPython/3.11.7 Linux/6.1", Agent("poetry/2.1.0", "3.11.7", "Linux")),
        ("pdm/2.26.1", Agent("pdm/2.26.1")),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", Agent("Mozilla/5.0")),
        ("", Agent()),
        ("pip/26.3 {not json", Agent("pip/26.3")),
        ("pip/26.3 [1]", Agent("pip/26.3")),
        ('pip/26.3 {"python": 3, "system": "Linux"}', Agent("pip/26.3")),
        ('pip/26.3 {"python": "3.11\\u202e"}', Agent("pip/26.3")),
        ("pip/26.3 " + '{"a":' * 3000, Agent("pip/26.3")),
    ],
)
def test_what_an_installer_tells_is_read(told: str, read: Agent) -> None:
    assert read_agent(told) == read


@given(st.text())
def test_whatever_is_told_nothing_is_raised_and_all_is_printable(told: str) -> None:
    for text in (told, "pip/1 {" + told, f"pip/1 {json.dumps({'python': told})}"):
        agent = read_agent(text)
        assert (agent.installer + agent.python + agent.system).isprintable()
