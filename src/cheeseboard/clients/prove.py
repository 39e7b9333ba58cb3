"""The proof: a real pip, in the user's environment, asks our index; and if it was not served, why not."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from cheeseboard.clients.pip import run_pip
from cheeseboard.clients.pip_conf import same_url
from cheeseboard.clients.plan import Mode

# Asked for when no project of ours is named: that our index does not have it is an answer of our index.
PROBE = "cheeseboard-probe"
_SECONDS = 90.0
_PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "PIP_PROXY")


class Cause(StrEnum):
    """Why an installer does not get packages from us. Values are stable: ``--json`` holds them."""

    TOOL_NOT_FOUND = "tool-not-found"
    CONFIGURATION_REFUSED = "configuration-refused"
    NO_INDEX = "no-index"
    CONFIG_FILE_OVERRIDDEN = "config-file-overridden"
    INDEX_OVERRIDDEN = "index-overridden"
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
    """

    tool: str
    cause: Cause | None
    sentence: str
    action: str
    transcript: str


def prove_pip(
    command: Sequence[str],
    *,
    url: str,
    mode: Mode,
    environ: Mapping[str, str],
    requirement: str | None = None,
) -> Proof:
    """Let pip look for something on our index, with all that the user's environment and files say.

    In extra mode our URL is also given as the index, so that the public one is not asked; other extra
    indexes that the user configured are, as with any install.

    Args:
        command: How to run pip; empty when none was found.
        url: Our Simple API URL.
        mode: How pip was told of us.
        environ: The user's environment.
        requirement: What to download, e.g. "acme-core==7.0.1"; None to just ask.
    """
    if not command:
        return _proof(Cause.TOOL_NOT_FOUND, "", url, environ)
    arguments = ["download", "-vv", "--no-deps", "--no-cache-dir", "--retries", "0", "--timeout", "10"]
    if mode is Mode.EXTRA:
        arguments += ["--index-url", url]
    with tempfile.TemporaryDirectory(prefix="cheeseboard-proof-") as directory:
        place = Path(directory)
        arguments += ["--dest", str(place / "files"), "--", requirement or PROBE]
        answer = run_pip(command, arguments, environ, directory=place, seconds=_SECONDS)
    if answer is None:
        return _proof(Cause.UNREACHABLE, "pip did not end in time.", url, environ)
    transcript = answer.stdout + answer.stderr
    cause = diagnose(
        transcript,
        url=url,
        mode=mode,
        environ=environ,
        succeeded=answer.returncode == 0 or requirement is None,
    )
    return _proof(cause, transcript, url, environ)


def refused(complaint: str) -> Proof:
    """Return the proof for a pip that stopped at its own configuration."""
    return _proof(Cause.CONFIGURATION_REFUSED, complaint, "", {})


def diagnose(
    transcript: str, *, url: str, mode: Mode, environ: Mapping[str, str], succeeded: bool
) -> Cause | None:
    """Return why pip was not served by our index, or None when it was.

    Args:
        transcript: What ``pip download -vv`` printed.
        url: Our Simple API URL.
        mode: With "extra", our URL was given on the command line too.
        environ: The environment that it ran in.
        succeeded: Whether it found what it was to find.
    """
    if re.search(r"configuration file could not be loaded|during configuration", transcript, re.IGNORECASE):
        return Cause.CONFIGURATION_REFUSED
    if "Ignoring indexes:" in transcript:
        return Cause.NO_INDEX
    asked = _indexes(transcript)
    expected = 2 if mode is Mode.EXTRA else 1
    if sum(same_url(index, url) for index in asked) < expected:
        return _why_not_asked(environ, mode)
    if not _answered(transcript, url):
        return _why_failed(_failure(transcript, url), environ)
    return None if succeeded else Cause.NO_SUITABLE_FILE


def _indexes(transcript: str) -> list[str]:
    lines = re.findall(r"^Looking in indexes: (.+)$", transcript, re.MULTILINE)
    return [index for line in lines[:1] for index in line.strip().split(", ")]


def _why_not_asked(environ: Mapping[str, str], mode: Mode) -> Cause:
    named = environ.get("PIP_CONFIG_FILE")
    if named and Path(named).exists():
        return Cause.CONFIG_FILE_OVERRIDDEN
    if environ.get("PIP_EXTRA_INDEX_URL" if mode is Mode.EXTRA else "PIP_INDEX_URL"):
        return Cause.INDEX_OVERRIDDEN
    return Cause.NOT_CONFIGURED


def _answered(transcript: str, url: str) -> bool:
    """Return whether our index gave a page, or said that it has none: nothing else counts as reached."""
    page = re.escape(url) + r"[^/\s]+/"
    return bool(
        re.search(rf"^\s*Fetched page {page} as ", transcript, re.MULTILINE)
        or re.search(rf"^\s*Could not fetch URL {page}: 404 Client Error", transcript, re.MULTILINE)
    )


def _failure(transcript: str, url: str) -> str:
    """Return the lines that say why our page was not had."""
    lines = [line for line in transcript.splitlines() if line.startswith(f"Could not fetch URL {url}")]
    return "\n".join([*lines, *re.findall(r"^\s*(?:\w+\.)*(?:OS|Value)Error: .*$", transcript, re.MULTILINE)])


# In this order: a message may hold the words of several.
_SIGNS: tuple[tuple[str, Cause], ...] = (
    (r"invalid path|CA certificate bundle", Cause.CA_BUNDLE_MISSING),
    # https://github.com/pypa/pip/issues/12906
    (r"check_hostname requires server_hostname", Cause.ADDRESS_NOT_SUPPORTED),
    (r"ProxyError|proxy", Cause.PROXY),
    (r"hostname mismatch|IP address mismatch|doesn't match|not valid for", Cause.WRONG_NAME),
    (r"certificate has expired|not yet valid", Cause.CERTIFICATE_DATE),
    (r"WRONG_VERSION_NUMBER|record layer|UNKNOWN_PROTOCOL|HTTP_REQUEST", Cause.NOT_HTTPS),
    (r"CERTIFICATE_VERIFY_FAILED|certificate verify failed|not trusted", Cause.CA_NOT_TRUSTED),
    (
        r"NameResolution|getaddrinfo|service not known|nodename nor servname|name resolution",
        Cause.NAME_NOT_RESOLVED,
    ),
    (r"refused|10061", Cause.SERVER_STOPPED),
    (r"timed out|Timeout|No route to host|unreachable", Cause.UNREACHABLE),
    (r"421 ", Cause.HOST_NOT_ALLOWED),
    (r"40[13] ", Cause.NOT_AUTHORIZED),
    (r"503 ", Cause.FOLDER_UNAVAILABLE),
    (r"5\d\d Server Error|too many 5\d\d", Cause.SERVER_ERROR),
)


def _why_failed(failure: str, environ: Mapping[str, str]) -> Cause:
    cause = next((cause for sign, cause in _SIGNS if re.search(sign, failure)), Cause.UNKNOWN)
    if cause is Cause.CA_NOT_TRUSTED and _bundle_variables(environ):
        return Cause.CA_BUNDLE_OVERRIDDEN
    return cause


def _bundle_variables(environ: Mapping[str, str]) -> list[str]:
    return [name for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT") if environ.get(name)]


# --- words -------------------------------------------------------------------------------------------


def _proof(cause: Cause | None, transcript: str, url: str, environ: Mapping[str, str]) -> Proof:
    sentence, action = _words(cause, url, environ)
    return Proof("pip", cause, sentence, action, transcript)


def _words(cause: Cause | None, url: str, environ: Mapping[str, str]) -> tuple[str, str]:
    if cause is None:
        return "pip reached this repository over verified HTTPS.", ""
    parts = urlsplit(url)
    facts = {
        "host": parts.hostname or "",
        "port": str(parts.port or 443),
        "bundle": (_bundle_variables(environ) or ["REQUESTS_CA_BUNDLE"])[0],
        "proxy": next((name for name in _PROXY_VARIABLES if environ.get(name)), "see pip's configuration"),
        "config": environ.get("PIP_CONFIG_FILE", ""),
        "list": "PIP_EXTRA_INDEX_URL" if environ.get("PIP_EXTRA_INDEX_URL") else "PIP_INDEX_URL",
    }
    sentence, action = _WORDS[cause]
    return sentence.format(**facts), action.format(**facts)


_WORDS: dict[Cause, tuple[str, str]] = {
    Cause.TOOL_NOT_FOUND: (
        "No pip was found, so nothing could be tried.",
        "Install pip, or open a terminal in which it works and try there.",
    ),
    Cause.CONFIGURATION_REFUSED: (
        "pip refuses its own configuration, so no pip command works.",
        "Run `pip config debug` and correct the file that it names.",
    ),
    Cause.NO_INDEX: (
        "pip is told to ask no index at all.",
        "Take no-index out of pip's configuration, or unset PIP_NO_INDEX.",
    ),
    Cause.CONFIG_FILE_OVERRIDDEN: (
        "PIP_CONFIG_FILE is set, so pip reads {config} instead of your own file.",
        "Unset PIP_CONFIG_FILE.",
    ),
    Cause.INDEX_OVERRIDDEN: (
        "{list} is set, so pip ignores the list in its configuration.",
        "Unset {list}, or add this repository's address to it.",
    ),
    Cause.NOT_CONFIGURED: (
        "pip does not look here: another list of indexes hides this one, or it is not configured.",
        "Set this repository as an index, and look for extra-index-url in this environment's own pip.conf.",
    ),
    Cause.CA_BUNDLE_OVERRIDDEN: (
        "{bundle} is set, so pip ignores our certificate.",
        "Unset {bundle}, or add our certificate to the file that it names.",
    ),
    Cause.CA_BUNDLE_MISSING: (
        "pip is told to read certificates from a file that does not exist.",
        "Set this repository as an index again, or correct cert in pip's configuration.",
    ),
    Cause.CA_NOT_TRUSTED: (
        "pip does not trust this repository's certificate.",
        "Set this repository as an index again, so that pip learns the certificate.",
    ),
    Cause.WRONG_NAME: (
        "The server's certificate is not for {host}.",
        "Use one of the addresses that the window shows.",
    ),
    Cause.ADDRESS_NOT_SUPPORTED: (
        "This pip can't verify a server that is called by an IP address ({host}).",
        "Use an address with a name, such as localhost, or update pip.",
    ),
    Cause.CERTIFICATE_DATE: (
        "The server's certificate is not valid at this computer's time.",
        "Set this computer's clock, then start serving again.",
    ),
    Cause.PROXY: (
        "pip goes through a proxy ({proxy}) that does not reach {host}.",
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
        "The server asks for a user name and a token.",
        "Create a token for reading and write it into the address.",
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
        "pip reached this repository over verified HTTPS, but found no file that fits this Python.",
        "Look at the project's files: Python version and platform must fit.",
    ),
    Cause.UNKNOWN: (
        "pip could not get packages from this repository.",
        "Look at what pip said.",
    ),
}
