"""Tools whose configuration lies in each project, or is theirs to write: the exact lines to paste.

Editing somebody's project from here would be a surprise in their version control, so we show what to
put where, with this computer's paths in it.
"""

import shlex
from dataclasses import dataclass
from pathlib import Path

from cheeseboard.clients.uv import INDEX_NAME, upload_url
from cheeseboard.errors import ClientConfigError, Sentence

TOOLS = ("poetry", "pdm", "pipenv", "hatch", "conda")
USER = "__token__"


@dataclass(frozen=True, slots=True)
class PasteStep:
    """Some lines, and where they belong.

    Attributes:
        where: A terminal or a file, and what for.
        lines: Without line ends.
    """

    where: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PasteLines:
    """What to paste for one tool."""

    tool: str
    steps: tuple[PasteStep, ...]


def paste_lines(tool: str, *, url: str, ca: Path, bundle: Path) -> PasteLines:
    """Return what lets a tool look here and upload here.

    Args:
        tool: One of :data:`TOOLS`.
        url: Our Simple API URL.
        ca: Our authority's certificate.
        bundle: The public authorities and ours.

    Raises:
        ClientConfigError: We know no such tool.
    """
    make = {"poetry": _poetry, "pdm": _pdm, "pipenv": _pipenv, "hatch": _hatch, "conda": _conda}.get(tool)
    if make is None:
        raise ClientConfigError(Sentence("Cheeseboard knows no lines for {tool}.", tool=tool), tool)
    return PasteLines(tool, make(url, ca, bundle))


def _poetry(url: str, ca: Path, bundle: Path) -> tuple[PasteStep, ...]:  # noqa: ARG001 # one shape for all
    certificate = _command("poetry", "config", f"certificates.{INDEX_NAME}.cert", str(ca))
    # Supplemental: asked when the public index does not have it, and skipped when it is offline.
    source = _command("poetry", "source", "add", "--priority=supplemental", INDEX_NAME, url)
    repository = _command("poetry", "config", f"repositories.{INDEX_NAME}", upload_url(url))
    # Without the password, so that it gets into no shell's history; poetry keeps it in the keyring.
    password = _command("poetry", "config", f"http-basic.{INDEX_NAME}", USER)
    return (
        PasteStep("once, in a terminal", (certificate, repository)),
        PasteStep("in each project's directory, in a terminal", (source,)),
        PasteStep("once, to upload or where reading needs a token: poetry asks for it", (password,)),
        PasteStep("to upload, in a project's directory", (f"poetry publish --build -r {INDEX_NAME}",)),
    )


def _pdm(url: str, ca: Path, bundle: Path) -> tuple[PasteStep, ...]:  # noqa: ARG001 # one shape for all
    settings = [
        (f"pypi.{INDEX_NAME}.url", url),
        (f"pypi.{INDEX_NAME}.ca_certs", str(ca)),
        (f"repository.{INDEX_NAME}.url", upload_url(url)),
        (f"repository.{INDEX_NAME}.ca_certs", str(ca)),
    ]
    return (
        PasteStep("once, in a terminal", tuple(_command("pdm", "config", *pair) for pair in settings)),
        # Under these names pdm looks; as its own setting a token would be in the shell's history.
        PasteStep(
            "once, where reading needs a token: keyring asks for it, and pdm finds it there",
            (
                _command("pdm", "config", f"pypi.{INDEX_NAME}.username", USER),
                _command("keyring", "set", f"pdm-pypi-{INDEX_NAME}", USER),
            ),
        ),
        PasteStep(
            "once, to upload: keyring asks for a token, and pdm finds it there",
            (_command("keyring", "set", f"pdm-repository-{INDEX_NAME}", USER),),
        ),
        PasteStep("to upload, in a project's directory", (f"pdm publish -r {INDEX_NAME} -u {USER}",)),
    )


def _pipenv(url: str, ca: Path, bundle: Path) -> tuple[PasteStep, ...]:  # noqa: ARG001 # one shape for all
    source = ("[[source]]", f'name = "{INDEX_NAME}"', f'url = "{url}"', "verify_ssl = true")
    package = (f'your-package = {{ version = "*", index = "{INDEX_NAME}" }}',)
    return (
        PasteStep("in your shell's start-up file", _exports(PIP_CERT=bundle, SSL_CERT_FILE=bundle)),
        PasteStep("in each project's Pipfile", source),
        PasteStep("in its [packages], for what comes from here", package),
    )


def _hatch(url: str, ca: Path, bundle: Path) -> tuple[PasteStep, ...]:
    # hatch installs with pip or with uv; each reads its own variables.
    variables = {"PIP_EXTRA_INDEX_URL": url, "PIP_CERT": bundle, "UV_INDEX": url, "SSL_CERT_FILE": bundle}
    environment = (f"{name} = {_literal(str(value))}" for name, value in variables.items())
    repository = (f'url = "{upload_url(url)}"', f"ca-cert = {_literal(str(ca))}")
    return (
        PasteStep("in each project's pyproject.toml", ("[tool.hatch.envs.default.env-vars]", *environment)),
        PasteStep(
            "to upload, in hatch's config.toml (`hatch config find`)",
            (f"[publish.index.repos.{INDEX_NAME}]", *repository),
        ),
    )


def _conda(url: str, ca: Path, bundle: Path) -> tuple[PasteStep, ...]:  # noqa: ARG001 # one shape for all
    section = ("  - pip:", f"    - --extra-index-url {url}", "    - your-package")
    return (
        PasteStep("once, in a terminal: conda's pip reads the same file", ("cheeseboard use pip",)),
        PasteStep("in each environment.yml, below dependencies", section),
    )


def _command(*words: str) -> str:
    return shlex.join(words)


def _exports(**variables: Path) -> tuple[str, ...]:
    return tuple(f"export {name}={shlex.quote(str(value))}" for name, value in variables.items())


def _literal(text: str) -> str:
    """Return TOML's literal string, in which a Windows path needs no doubled backslashes."""
    return f'"{text}"' if "\\" not in text else f"'{text}'"
