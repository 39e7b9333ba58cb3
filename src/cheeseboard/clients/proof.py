"""What came of letting an installer ask our index: served or not, why not, and one thing to do about it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

_PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "PIP_PROXY")


class Cause(StrEnum):
    """Why an installer does not get packages from us. Values are stable: ``--json`` holds them."""

    TOOL_NOT_FOUND = "tool-not-found"
    PYTHON_NOT_FOUND = "python-not-found"
    CONFIGURATION_REFUSED = "configuration-refused"
    NO_INDEX = "no-index"
    CONFIG_FILE_OVERRIDDEN = "config-file-overridden"
    INDEX_OVERRIDDEN = "index-overridden"
    INDEX_HIDDEN = "index-hidden"
    NOT_CONFIGURED = "not-configured"
    CA_BUNDLE_OVERRIDDEN = "ca-bundle-overridden"
    CA_BUNDLE_MISSING = "ca-bundle-missing"
    CA_NOT_TRUSTED = "ca-not-trusted"
    WRONG_NAME = "wrong-name"
    ADDRESS_NOT_SUPPORTED = "address-not-supported"
    CERTIFICATE_DATE = "certificate-date"
    PROXY = "proxy"
    NAME_NOT_RESOLVED = "name-not-resolved"
    SERVER_STOPPED = "server-stopped"
    UNREACHABLE = "unreachable"
    NOT_HTTPS = "not-https"
    HOST_NOT_ALLOWED = "host-not-allowed"
    NOT_AUTHORIZED = "not-authorized"
    FOLDER_UNAVAILABLE = "folder-unavailable"
    SERVER_ERROR = "server-error"
    NO_SUITABLE_FILE = "no-suitable-file"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of asking.

    Attributes:
        tool: "pip", ...
        cause: Why it failed; None when the installer was served by our index over verified HTTPS.
        sentence: What happened, for people.
        action: What to do about it; empty when all is well.
        transcript: What the installer said, for those who want to look.
        label: The installer for people, e.g. "pip 26.3 (/usr/bin/pip)".
        facts: What the braces in the cause's words stand for, for faces that speak another language.
    """

    tool: str
    cause: Cause | None
    sentence: str
    action: str
    transcript: str
    label: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


# In this order: a message may hold the words of several.
_SIGNS: tuple[tuple[str, Cause], ...] = (
    (r"invalid path|CA certificate bundle", Cause.CA_BUNDLE_MISSING),
    # https://github.com/pypa/pip/issues/12906
    (r"check_hostname requires server_hostname", Cause.ADDRESS_NOT_SUPPORTED),
    (r"(?i:proxyerror|proxy|tunnel)", Cause.PROXY),
    (r"NotValidForName|hostname mismatch|IP address mismatch|doesn't match|not valid for", Cause.WRONG_NAME),
    (r"certificate has expired|not yet valid", Cause.CERTIFICATE_DATE),
    (r"WRONG_VERSION_NUMBER|record layer|UNKNOWN_PROTOCOL|HTTP_REQUEST", Cause.NOT_HTTPS),
    (r"UnknownIssuer|CERTIFICATE_VERIFY_FAILED|certificate verify failed|not trusted", Cause.CA_NOT_TRUSTED),
    (
        r"NameResolution|getaddrinfo|service not known|nodename nor servname|name resolution",
        Cause.NAME_NOT_RESOLVED,
    ),
    (r"refused|10061", Cause.SERVER_STOPPED),
    (r"timed out|Timeout|No route to host|unreachable", Cause.UNREACHABLE),
    (
        # What a local firewall, or a route that leads nowhere, answers to whoever connects.
        (
            r"(?:new connection: \[Errno \d+\]|connect error\W+(?:cause|Caused by):)"
            r" (?:Permission denied|Invalid argument|Operation not permitted)"
        ),
        Cause.UNREACHABLE,
    ),
    (r"421 ", Cause.HOST_NOT_ALLOWED),
    (r"40[13] ", Cause.NOT_AUTHORIZED),
    (r"503 ", Cause.FOLDER_UNAVAILABLE),
    (r"5\d\d Server Error|too many 5\d\d", Cause.SERVER_ERROR),
)


@dataclass(frozen=True, slots=True)
class Voice:
    """How causes are told of one tool: what it is called, and the variables that steer it.

    Attributes:
        tool: "pip", ...
        bundles: Variables that name certificates and beat what its configuration says.
        lists: Variables that replace its list of indexes.
        configuration: The variable that names another configuration file.
        inspect: What to do to see its configuration.
    """

    tool: str
    bundles: tuple[str, ...]
    lists: tuple[str, ...]
    configuration: str
    inspect: str


def nameless(transcript: str) -> str:
    """Return what an installer printed with addresses as they are asked: it shows, or stars, who asks."""
    return re.sub(r"(https?://)[^/\s@]*@", r"\1", transcript)


def read_failure(failure: str, voice: Voice, environ: Mapping[str, str]) -> Cause:
    """Return why a page was not had, from the lines in which an installer says so."""
    cause = next((cause for sign, cause in _SIGNS if re.search(sign, failure)), Cause.UNKNOWN)
    if cause is Cause.CA_NOT_TRUSTED and any(environ.get(name) for name in voice.bundles):
        return Cause.CA_BUNDLE_OVERRIDDEN
    return cause


# --- words -------------------------------------------------------------------------------------------


def tell(
    voice: Voice, cause: Cause | None, transcript: str, url: str, environ: Mapping[str, str], label: str = ""
) -> Proof:
    """Return the proof, in words."""
    facts = _facts(voice, url, environ)
    sentence, action = (words.format(**facts) for words in (WORDS[cause] if cause else REACHED))
    return Proof(voice.tool, cause, sentence, action, transcript, label or voice.tool, facts)


def stopped(tool: str, url: str) -> Proof:
    """Return the proof for a tool whose entries are out of the way because nobody serves."""
    return tell(Voice(tool, ("",), ("",), "", ""), Cause.SERVER_STOPPED, "", url, {})


def _facts(voice: Voice, url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return what the braces in the words stand for."""
    parts = urlsplit(url)

    def first_set(names: tuple[str, ...], otherwise: str) -> str:
        return next((name for name in names if environ.get(name)), otherwise)

    return {
        "tool": voice.tool,
        "host": parts.hostname or "",
        "port": str(parts.port or 443),
        "bundle": first_set(voice.bundles, voice.bundles[0]),
        "proxy": first_set(_PROXY_VARIABLES, f"see {voice.tool}'s configuration"),
        "variable": voice.configuration,
        "config": environ.get(voice.configuration, ""),
        "list": first_set(voice.lists, voice.lists[0]),
        "inspect": voice.inspect,
    }


# What happened, and one action. {inspect} is a sentence of its own.
REACHED = ("{tool} reached this repository over verified HTTPS.", "")
WORDS: dict[Cause, tuple[str, str]] = {
    Cause.TOOL_NOT_FOUND: (
        "No {tool} was found, so nothing could be tried.",
        "Install {tool}, or open a terminal in which it works and try there.",
    ),
    # Of uv, which resolves for some Python and is no Python program itself.
    Cause.PYTHON_NOT_FOUND: (
        "{tool} found no Python here that runs, so nothing could be tried.",
        "Run `uv python install`, then check again.",
    ),
    Cause.CONFIGURATION_REFUSED: (
        "{tool} refuses its own configuration, so none of its commands works.",
        "{inspect}",
    ),
    Cause.NO_INDEX: (
        "{tool} is told to ask no index at all.",
        "Take no-index out of its configuration, and unset PIP_NO_INDEX.",
    ),
    Cause.CONFIG_FILE_OVERRIDDEN: (
        "{variable} is set, so {tool} reads {config} instead of your own file.",
        "Unset {variable}.",
    ),
    Cause.INDEX_OVERRIDDEN: (
        "{list} is set, so {tool} ignores the list in its configuration.",
        "Unset {list}, or add this repository's address to it.",
    ),
    Cause.INDEX_HIDDEN: (
        "{config} has a list of indexes of its own, which hides this one from {tool}.",
        "Add this repository's address to the list in that file, or take the list out.",
    ),
    Cause.NOT_CONFIGURED: (
        "{tool} does not look here: another list of indexes hides this one, or it is not configured.",
        "Set this repository as an index, and look for another list in this environment's own configuration.",
    ),
    Cause.CA_BUNDLE_OVERRIDDEN: (
        "{bundle} is set, so {tool} ignores our certificate.",
        "Unset {bundle}, or add our certificate to the file that it names.",
    ),
    Cause.CA_BUNDLE_MISSING: (
        "{tool} is told to read certificates from a file that does not exist.",
        "Set this repository as an index again, or correct what names that file.",
    ),
    Cause.CA_NOT_TRUSTED: (
        "{tool} does not trust this repository's certificate.",
        "Run `cheeseboard trust install`, or set this repository as an index again.",
    ),
    Cause.WRONG_NAME: (
        "The server's certificate is not for {host}.",
        "Use one of the addresses that the window shows.",
    ),
    Cause.ADDRESS_NOT_SUPPORTED: (
        "This {tool} can't verify a server that is called by an IP address ({host}).",
        "Use an address with a name, such as localhost, or update {tool}.",
    ),
    Cause.CERTIFICATE_DATE: (
        "The server's certificate is not valid at this computer's time.",
        "Set this computer's clock, then start serving again.",
    ),
    Cause.PROXY: (
        "{tool} goes through a proxy ({proxy}) that does not reach {host}.",
        "Add {host} to NO_PROXY.",
    ),
    Cause.NAME_NOT_RESOLVED: (
        "The name {host} is not known on this network.",
        "Use an address with numbers instead.",
    ),
    Cause.SERVER_STOPPED: (
        "Nothing listens on {host}, port {port}: serving has stopped.",
        "Start serving again.",
    ),
    Cause.UNREACHABLE: (
        "{host}, port {port}, does not answer.",
        "Check that both computers are on the same network and that no firewall blocks port {port}.",
    ),
    Cause.NOT_HTTPS: (
        "Another program, which does not speak HTTPS, listens on {host}, port {port}.",
        "Serve on another port.",
    ),
    Cause.HOST_NOT_ALLOWED: (
        "The server does not answer to the name {host}.",
        "Use one of the addresses that the window shows.",
    ),
    Cause.NOT_AUTHORIZED: (
        "Reading this repository needs a token, and {tool} gave none that is valid.",
        "On the repository's own computer, repeat `cheeseboard use {tool}`. Elsewhere, ask for a new token.",
    ),
    Cause.FOLDER_UNAVAILABLE: (
        "The server runs, but its folder is not available.",
        "Look at the window: it says what is wrong with the folder.",
    ),
    Cause.SERVER_ERROR: (
        "The server failed on the request.",
        "Look at the log, and tell us.",
    ),
    Cause.NO_SUITABLE_FILE: (
        "{tool} reached this repository over verified HTTPS, but found no file that fits this Python.",
        "Look at the project's files: Python version and platform must fit.",
    ),
    Cause.UNKNOWN: (
        "{tool} could not get packages from this repository.",
        "Look at what {tool} said.",
    ),
}
