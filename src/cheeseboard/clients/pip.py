"""pip: where its configuration lies, asked from a real pip, and what using our index changes in it."""

import contextlib
import importlib.util
import locale
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cheeseboard.clients import keyring, pip_conf
from cheeseboard.clients.atomic_file import read_bytes
from cheeseboard.clients.pip_conf import Unparsable, Wish
from cheeseboard.clients.plan import Mode, Scope
from cheeseboard.clients.tool import Entry, Found, Written, likewise, read_configuration, run_tool
from cheeseboard.errors import ClientConfigError, Sentence

TOOL = "pip"
_SECONDS = 60.0
_FILE_LINE = re.compile(r"^  (?P<path>\S.*), exists: (?:True|False)$")
_GROUP_LINE = re.compile(r"^(?P<group>env_var|env|global|site|user):$")
_VERSION_LINE = re.compile(r"^pip (?P<version>\S+) from (?P<place>.*?)(?: \(|$)")
# A computer with more pips than this is a build machine; nobody waits for all of them.
_MOST = 24
_AT_ONCE = 2
_PROVIDER = "keyring-provider"
_PROVIDERS = ("subprocess", "import")
# pip reads that from its configuration since then.
_KEYRING_SINCE = (23, 1)
_REFUSES_CONFIGURATION = re.compile(r"configuration file|during configuration", re.IGNORECASE)
WEAK_TO_STRONG = (Scope.GLOBAL, Scope.USER, Scope.SITE)

Values = Mapping[str, str]  # {"section.option": value}


@dataclass(frozen=True, slots=True)
class Inherited:
    """What pip reads beside the file that will be written.

    Attributes:
        weaker: The files that it overrides, the weakest first, and what they say.
        stronger: The files that override it.
    """

    weaker: tuple[tuple[Path, Values], ...]
    stronger: tuple[tuple[Path, Values], ...]

    @property
    def values(self) -> Values:
        """What the weaker files say together."""
        return {key: value for _, values in self.weaker for key, value in values.items()}


# --- asking ------------------------------------------------------------------------------------------


def find_pip(environ: Mapping[str, str]) -> Found:
    """Ask the pip that this environment's user would run for its configuration files.

    Slow: it runs pip. Without any pip, the user's documented place is answered, with no command.

    Raises:
        ClientConfigError: pip refuses its own configuration; the message has pip's reason.
    """
    for command in _candidates(environ):
        # The variable hides the user's files from the listing.
        listing_environ = {name: value for name, value in environ.items() if name != "PIP_CONFIG_FILE"}
        with ThreadPoolExecutor(1) as executor:
            version = executor.submit(likewise(run_pip), command, ("--version",), listing_environ)
            listing = run_pip(command, ("config", "debug"), listing_environ)
        if listing is None:
            continue
        if listing.returncode != 0:
            if _REFUSES_CONFIGURATION.search(listing.stdout + listing.stderr):
                raise ClientConfigError(
                    Sentence(
                        "pip can't read its own configuration, so it was left alone. {why}",
                        why=_complaint(listing),
                    ),
                    TOOL,
                )
            continue
        files = _parse_listing(listing.stdout)
        if files.get(Scope.USER):
            return _describe(command, version.result(), files)
    return Found(TOOL, (), "", {Scope.USER: (documented_user_file(environ, sys.platform),)})


def files_read_by(command: Sequence[str], environ: Mapping[str, str]) -> Mapping[Scope, tuple[Path, ...]]:
    """Return the configuration files of one pip, by scope; none when it does not tell."""
    listing = run_pip(command, ("config", "debug"), environ)
    return _parse_listing(listing.stdout) if listing else {}


def find_every_pip(environ: Mapping[str, str]) -> tuple[Found, ...]:
    """Return the pips of this computer, the one that the user would run first; slow: each is asked.

    Looked at are the whole PATH, the environment that is active, and those of pyenv, pipx and conda.
    """
    found: dict[str, Found] = {}
    commands = list(dict.fromkeys([*_candidates(environ), *_pips_elsewhere(environ)]))
    with ThreadPoolExecutor(_AT_ONCE) as executor:
        answers = executor.map(likewise(lambda command: run_pip(command, ("--version",), environ)), commands)
        for command, answer in zip(commands, answers, strict=True):
            match = _VERSION_LINE.match(answer.stdout) if answer else None
            if match and (command[0] != sys.executable or not found):
                # Several commands may start one pip: where it lies tells.
                found.setdefault(match["place"], _describe(command, answer, {}))
    return tuple(found.values())


def _pips_elsewhere(environ: Mapping[str, str]) -> list[tuple[str, ...]]:
    home = Path(environ.get("USERPROFILE" if os.name == "nt" else "HOME") or Path.home())
    roots = [Path(environ[name]) for name in ("VIRTUAL_ENV", "CONDA_PREFIX") if environ.get(name)]
    roots += sorted(Path(environ.get("PYENV_ROOT") or home / ".pyenv").glob("versions/*"), reverse=True)
    roots += sorted(Path(environ.get("PIPX_HOME") or home / ".local/share/pipx").glob("venvs/*"))
    roots += sorted(Path(environ.get("LOCALAPPDATA") or home).glob("Programs/Python/Python3*"))
    with contextlib.suppress(OSError, UnicodeDecodeError):
        lines = (home / ".conda" / "environments.txt").read_text("utf-8").splitlines()
        roots += [Path(line.strip()) for line in lines if line.strip()]
    names = [Path("Scripts", "pip.exe")] if os.name == "nt" else [Path("bin", "pip"), Path("bin", "pip3")]
    found = [next((root / name for name in names if (root / name).exists()), None) for root in roots]
    commands: list[tuple[str, ...]] = [(str(path),) for path in found if path]
    return commands[:_MOST]


def run_pip(
    command: Sequence[str],
    arguments: Sequence[str],
    environ: Mapping[str, str],
    *,
    directory: Path | None = None,
    seconds: float = _SECONDS,
) -> subprocess.CompletedProcess[str] | None:
    """Run a pip in the user's environment; None when it cannot be run or does not end in time."""
    # A configured quiet would silence the answer, a verbose would garble it.
    settings = {
        "PIP_QUIET": "0",
        "PIP_VERBOSE": "0",
        "PIP_NO_INPUT": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        # "python -m pip" would run a pip/ that lies in the current directory.
        "PYTHONSAFEPATH": "1",
    }
    return run_tool([*command, *arguments], {**environ, **settings}, directory=directory, seconds=seconds)


def documented_user_file(environ: Mapping[str, str], platform: str) -> Path:
    """Return where pip's documentation says that a user's configuration lies."""
    home = Path(environ.get("USERPROFILE" if platform == "win32" else "HOME") or Path.home())
    if platform == "win32":
        return Path(environ.get("APPDATA") or home / "AppData" / "Roaming") / "pip" / "pip.ini"
    if platform == "darwin":
        application_support = home / "Library" / "Application Support" / "pip"
        if application_support.is_dir():
            return application_support / "pip.conf"
        return home / ".config" / "pip" / "pip.conf"
    return Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"


def _candidates(environ: Mapping[str, str]) -> list[tuple[str, ...]]:
    search = environ.get("PATH", os.defpath)
    found: list[tuple[str, ...]] = []
    for places in (search, *search.split(os.pathsep)):
        programs = (shutil.which(name, path=places) for name in ("pip", "pip3"))
        found += [(program,) for program in programs if program and (program,) not in found]
    for name in ("python3", "python", "py"):
        program = shutil.which(name, path=search)
        if program:
            found.append((program, "-m", "pip"))
    # A packaged application is its own sys.executable: that is no Python.
    if not getattr(sys, "frozen", False) and importlib.util.find_spec("pip"):
        found.append((sys.executable, "-m", "pip"))
    return found


def _parse_listing(text: str) -> dict[Scope, tuple[Path, ...]]:
    """Read the output of ``pip config debug``: groups at the margin, files two deep, values four deep."""
    files: dict[Scope, list[Path]] = {scope: [] for scope in Scope}
    group = ""
    for line in text.splitlines():
        heading = _GROUP_LINE.match(line)
        file = _FILE_LINE.match(line)
        if heading:
            group = heading["group"]
        elif file and group in {scope.value for scope in Scope}:
            files[Scope(group)].append(Path(file["path"]))
    return {scope: tuple(paths) for scope, paths in files.items()}


def _describe(
    command: tuple[str, ...],
    answer: subprocess.CompletedProcess[str] | None,
    files: Mapping[Scope, tuple[Path, ...]],
) -> Found:
    match = _VERSION_LINE.match(answer.stdout) if answer else None
    version = match["version"] if match else ""
    label = f"pip {version} ({command[0]})" if version else f"pip ({command[0]})"
    return Found(TOOL, command, label, files, version)


def _complaint(process: subprocess.CompletedProcess[str]) -> str:
    """Return pip's own reason in one line, without its labels and notices."""
    lines = [line.strip() for line in (process.stderr + "\n" + process.stdout).splitlines()]
    said = " ".join(
        line for line in lines if line and not line.startswith(("[notice]", "WARNING:", "Usage:"))
    )
    said = said.removeprefix("ERROR: ").encode("utf-8", "replace").decode()
    return f"pip says: {said[:400]}" if said else "pip did not say why."


# --- reading -----------------------------------------------------------------------------------------


def decode(content: bytes | None) -> str:
    """Return a configuration's text; every byte survives the way back."""
    return (content or b"").decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Return the bytes of :func:`decode`'s text."""
    return text.encode("utf-8", "surrogateescape")


def read_file(path: Path) -> bytes | None:
    """Return a configuration file's bytes, or None when there is none.

    Raises:
        ClientConfigError: It cannot be read.
    """
    return read_configuration(path, TOOL)


def read_inherited(pip: Found, target: Path) -> Inherited:
    """Return what the weaker and the stronger files say; an unreadable one is skipped, as pip does."""
    paths = [path for scope in WEAK_TO_STRONG for path in pip.files.get(scope, ())]
    place = paths.index(target)
    weaker = tuple((path, _values_of(path)) for path in paths[:place])
    stronger = tuple((path, _values_of(path)) for path in paths[place + 1 :])
    return Inherited(weaker, stronger)


def _values_of(path: Path) -> Values:
    try:
        return pip_conf.read_values(decode(read_bytes(path)))
    except (OSError, Unparsable):
        return {}


# --- changing ----------------------------------------------------------------------------------------


def wishes(entry: Entry) -> tuple[Wish, ...]:
    """Return what shall stand in the file for an entry."""
    option = "extra-index-url" if entry.mode is Mode.EXTRA else "index-url"
    index = Wish(option, entry.url)
    return (index, Wish("cert", in_locale(str(entry.bundle)))) if entry.bundle else (index,)


def _keyring_wish(entry: Entry, values: Values) -> tuple[Wish, ...]:
    """Let pip ask the keyring, by the command on PATH unless the user chose another way."""
    asks = values.get(f"{pip_conf.GLOBAL}.{_PROVIDER}") in _PROVIDERS
    return (Wish(_PROVIDER, _PROVIDERS[0]),) if entry.keyring and not asks else ()


def edit(path: Path, content: bytes | None, entry: Entry, inherited: Values) -> bytes:
    """Return the file's bytes with our entries in it.

    Raises:
        ClientConfigError: pip could not read the file, or it is too odd to be edited; it is left alone.
    """
    newline = "\r\n" if sys.platform == "win32" else "\n"
    text = decode(content)
    try:
        wanted = (*wishes(entry), *_keyring_wish(entry, {**inherited, **pip_conf.read_values(text)}))
        return encode(pip_conf.fulfil(text, wanted, inherited, newline))
    except Unparsable as error:
        raise _invalid(path, error) from error


def take_out(written: Written, current: bytes) -> bytes:
    """Return the file's bytes without our entries, with what others edited since.

    Raises:
        ClientConfigError: pip could not read the file as it is now.
    """
    before, after = decode(written.before), decode(written.after)
    try:
        return encode(pip_conf.take_out(decode(current), before, after, written.url))
    except Unparsable as error:
        raise ClientConfigError(
            Sentence(
                "{path} was changed outside Cheeseboard and pip can't read it now, so it "
                "was left alone: {why}.",
                path=written.path,
                why=_plain(error),
            ),
            TOOL,
            written.path,
        ) from error


def keyring_program(found: Found, environ: Mapping[str, str]) -> str:
    """Return the ``keyring`` command that a pip asks: one from elsewhere, for its own it would import.

    Raises:
        ClientConfigError: There is none, or this pip is too old to be told.
    """
    numbers = tuple(int(number) for number in re.findall(r"\d+", found.version)[:2])
    if numbers and numbers < _KEYRING_SINCE:
        raise ClientConfigError(
            Sentence(
                "{label} can't be told to look into the keyring; pip 23.1 and newer can. "
                "Update it, or say --secret file.",
                label=found.label,
            ),
            TOOL,
        )
    return keyring.on_path_elsewhere(found, environ)


def values_in(content: bytes) -> Values:
    """Return what a file that pip accepts says."""
    return pip_conf.read_values(decode(content))


def uses(content: bytes | None, url: str, mode: Mode) -> bool:
    """Return whether a file has our URL where the mode puts it."""
    option = "extra-index-url" if mode is Mode.EXTRA else "index-url"
    return content is not None and pip_conf.mentions(decode(content), option, url)


def names_bundle(content: bytes | None, bundle: Path) -> bool:
    """Return whether a file still names this bundle; when in doubt it does."""
    return content is not None and in_locale(str(bundle)) in decode(content)


def named_bundles(
    path: Path, content: bytes | None, inherited: Values, environ: Mapping[str, str]
) -> tuple[tuple[Path, ...], bool]:
    """Return the certificate files that pip's configuration names now, and whether some commands have none.

    Raises:
        ClientConfigError: A path is relative, so it means another file in each directory; or pip could
            not read the file.
    """
    try:
        values = {**inherited, **pip_conf.read_values(decode(content))}
    except Unparsable as error:
        raise _invalid(path, error) from error
    found: dict[Path, None] = {}
    unnamed = False
    for section in pip_conf.sections_with("cert", values):
        named = values.get(f"{section}.cert", "")
        if not named:
            unnamed = True
            continue
        bundle = Path(expand_home(os.fsdecode(encode(named)), environ))
        if not bundle.is_absolute():
            raise ClientConfigError(
                Sentence(
                    '{path} has "cert = {named}": make that path absolute, then try again.',
                    path=path.name,
                    named=named,
                ),
                TOOL,
                path,
            )
        found[bundle] = None
    return tuple(found), unnamed


def check(
    command: Sequence[str], path: Path, wanted: Sequence[Wish], environ: Mapping[str, str]
) -> str | None:
    """Let the real pip read the file; return None when it sees all that was written, else what it says."""
    if not command:
        return None
    # Named so, the file is read whatever else overrides it.
    answer = run_pip(command, ("config", "list"), {**environ, "PIP_CONFIG_FILE": str(path)})
    if answer is None:
        return "pip could not be run to check it."
    if answer.returncode != 0:
        return _complaint(answer)
    for wish in wanted:
        lines = [
            line
            for line in answer.stdout.splitlines()
            if line.startswith(f"{pip_conf.GLOBAL}.{wish.option}=")
        ]
        if not any(wish.value in line or repr(wish.value)[1:-1] in line for line in lines):
            return f"pip does not see the new {wish.option}."
    return None


def in_locale(text: str) -> str:
    """Return a path as it has to stand in the file's text: pip reads in the locale's encoding."""
    if text.isascii():
        return text
    try:
        return decode(text.encode(locale.getpreferredencoding(False), "surrogateescape"))
    except UnicodeEncodeError:
        return text


def expand_home(path: str, environ: Mapping[str, str]) -> str:
    """Return a path with its leading ``~`` resolved for the user of this environment."""
    home = environ.get("USERPROFILE" if os.name == "nt" else "HOME")
    if home and (path == "~" or path.startswith(("~/", "~\\"))):
        return home + path[1:]
    return str(Path(path).expanduser()) if path.startswith("~") else path


def _invalid(path: Path, error: Unparsable) -> ClientConfigError:
    return ClientConfigError(
        Sentence("{path} is not valid for pip, so it was left alone: {why}.", path=path, why=_plain(error)),
        TOOL,
        path,
    )


def _plain(error: Unparsable) -> str:
    return str(error).encode("utf-8", "replace").decode().rstrip(".")
