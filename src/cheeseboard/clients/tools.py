"""All installers and uploaders that can be told of us, by name, and where each looks for its token."""

from collections.abc import Mapping
from types import MappingProxyType

from cheeseboard.clients.netrc_file import NETRC
from cheeseboard.clients.pip_tool import PIP
from cheeseboard.clients.tool import Tool
from cheeseboard.clients.twine import TWINE
from cheeseboard.clients.uv import UV
from cheeseboard.clients.uv_publish import UV_PUBLISH
from cheeseboard.errors import ClientConfigError, Sentence

_TOOLS: Mapping[str, Tool] = MappingProxyType(
    {tool.name: tool for tool in (PIP, UV, TWINE, UV_PUBLISH, NETRC)}
)
# What people choose; a netrc goes along with what they chose.
TOOLS = tuple(name for name in _TOOLS if name != NETRC.name)
# Where these look for the token of a repository that is private: never in pip.conf or uv.toml.
KEEPERS: Mapping[str, str] = MappingProxyType({PIP.name: NETRC.name, UV.name: NETRC.name})


def tool_named(name: str) -> Tool:
    """Return what we know of a tool.

    Raises:
        ClientConfigError: We know no such tool.
    """
    tool = _TOOLS.get(name)
    if tool is None:
        raise ClientConfigError(
            Sentence(
                "Cheeseboard can't configure {name}. It knows {known}.", name=name, known=", ".join(TOOLS)
            ),
            name,
        )
    return tool
