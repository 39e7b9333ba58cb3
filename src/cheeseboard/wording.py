"""What an outcome, a refusal or a caution means to a person: one English source for every face.

Each sentence says what is wrong and, where it is not plain, what it means. The window translates it.
"""

from typing import assert_never

from cheeseboard.builds.failure import BuildFailure, Step
from cheeseboard.clients.plan import Caution, CautionReason, KeyringEntry, TokenFate
from cheeseboard.distributions.compatibility import Reason, Verdict
from cheeseboard.distributions.distribution import Refusal, WarningReason
from cheeseboard.errors import RefusalReason
from cheeseboard.repository.intake import (
    Accepted,
    Conflict,
    DeferralReason,
    Deferred,
    Identical,
    Outcome,
    Rejected,
)

_OTHERS_READ_IT_DIFFERENTLY = "Installers could read it in different ways, so it is not safe to offer."

# {file} is the file's name, {detail} the fact behind the refusal.
REFUSALS: dict[RefusalReason, str] = {
    RefusalReason.NOT_A_DISTRIBUTION: "{file} isn't a wheel or source archive. It was left where it is.",
    RefusalReason.LEGACY_FORMAT: (
        "{file} is in a format ({detail}) that today's installers don't take from an index. "
        "Build a wheel or a .tar.gz of it."
    ),
    RefusalReason.INVALID_FILENAME: (
        "{file} isn't named as a wheel or source archive must be (name-version…). Build it again, "
        "or give it back the name it was downloaded with."
    ),
    RefusalReason.INVALID_VERSION: (
        "{file} has a version ({detail}) that installers don't understand any more (PEP 440)."
    ),
    RefusalReason.NOT_A_FILE: "{file} is a link or a device, not a file. It was left where it is.",
    RefusalReason.TOO_DEEP: (
        "{file} lies too deep in the folder to be looked into. Move what should be offered further up."
    ),
    RefusalReason.UNREADABLE: "{file} can't be read: {detail}.",
    RefusalReason.EMPTY: "{file} is empty. Its download may have been interrupted; get it again.",
    RefusalReason.NOT_AN_ARCHIVE: (
        "{file} isn't an archive, whatever its name says. "
        "A failed download often leaves a web page in its place."
    ),
    RefusalReason.TRUNCATED: "{file} is cut short. Download or copy it again.",
    RefusalReason.DAMAGED: "{file} is damaged{where}. Download or build it again.",
    RefusalReason.ENCRYPTED: "{file} is encrypted, so no installer could read it.",
    RefusalReason.UNSUPPORTED_COMPRESSION: (
        "{file} is compressed in a way that installers don't read{where}. Build it again."
    ),
    RefusalReason.UNSAFE_PATH: (
        "{file} holds a file whose path is not safe ({detail}): unpacking it could write where it must not."
    ),
    RefusalReason.DUPLICATE_MEMBER: (
        "{file} holds two files under one name ({detail}), or names that differ only in case."
    ),
    RefusalReason.UNSAFE_LINK: (
        "{file} holds a link ({detail}) that could lead outside: unpacking it could write where it must not."
    ),
    RefusalReason.SPECIAL_MEMBER: (
        "{file} holds something that is no ordinary file{where}: a device, a pipe, or a set-user-id program."
    ),
    RefusalReason.AMBIGUOUS_ARCHIVE: "{file} contradicts itself{where}. " + _OTHERS_READ_IT_DIFFERENTLY,
    RefusalReason.EXTRA_DATA: "{file} holds more than one archive's bytes{where}. "
    + _OTHERS_READ_IT_DIFFERENTLY,
    RefusalReason.TOO_MANY_MEMBERS: "{file} holds {detail} files, which is more than can be checked.",
    RefusalReason.BOMB: (
        "{file} would unpack to far more than its own size. That is how archive bombs are made."
    ),
    RefusalReason.UNSAFE_ENTRY_POINT: (
        "{file} defines a command ({detail}) that would be written outside the commands' directory."
    ),
    RefusalReason.METADATA_MISSING: "{file} is damaged: it has no METADATA or PKG-INFO.",
    RefusalReason.METADATA_AMBIGUOUS: "{file} has its metadata more than once ({detail}).",
    RefusalReason.METADATA_TOO_LARGE: "{file} has unreasonably large metadata ({detail} bytes).",
    RefusalReason.INVALID_METADATA: "{file} has metadata that can't be used ({detail}).",
    RefusalReason.WHEEL_FILE_MISSING: "{file} is damaged: it has no WHEEL file.",
    RefusalReason.RECORD_MISSING: "{file} is damaged: it has no RECORD of its contents.",
    RefusalReason.RECORD_MISMATCH: (
        "{file} doesn't match its own RECORD{where}: it was changed after it was built. Build it again."
    ),
    RefusalReason.NAME_MISMATCH: "{file} says in its metadata that it is another project ({detail}).",
    RefusalReason.VERSION_MISMATCH: (
        "{file} says in its metadata that it is another version ({detail}); installers would refuse it."
    ),
    RefusalReason.DIGEST_MISMATCH: "{file} didn't arrive as it was sent: its digest differs. Send it again.",
    RefusalReason.FORM_MISMATCH: (
        "{file} isn't what it was sent as: its {detail}. The file decides; build it again, then upload it."
    ),
    RefusalReason.INVALID_ATTESTATIONS: (
        "{file} came with attestations that can't be kept: {detail}. Upload it with the right ones or none."
    ),
    RefusalReason.PROJECT_CLOSED: "{file} can't be added: its project is {detail}.",
    RefusalReason.NAME_TAKEN: (
        "{file} can't be added: another file of that name lies in its place. Look at it, then move it away."
    ),
    RefusalReason.ALREADY_HERE: "{file} is already here with different contents.",
    RefusalReason.CHANGED: (
        "{file} was changed after it was added, so it is no longer offered. "
        "Put the original back, or remove it."
    ),
    RefusalReason.CHANGED_WHILE_READING: (
        "{file} changed while it was being read. Try again when it is complete."
    ),
}

WARNINGS: dict[WarningReason, str] = {
    WarningReason.INVALID_REQUIRES_PYTHON: (
        "Its Requires-Python isn't valid, so it is left out of the index: "
        "some installers would not see the file."
    ),
    WarningReason.ARCHIVE_COMMENT: "The archive carries a comment, which wheels don't need.",
    WarningReason.UNUSUAL_METADATA: "Its metadata is unusual.",
    WarningReason.NOT_FOR_WINDOWS: (
        "It holds a file whose name Windows can't make, so it can't be installed there."
    ),
}


def refusal_facts(refusal: Refusal, filename: str) -> dict[str, str]:
    """Return what the braces in a sentence of :data:`REFUSALS` stand for."""
    where = f" ({refusal.detail})" if refusal.detail else ""
    return {"file": filename, "detail": refusal.detail, "where": where}


def refusal(refused: Refusal, filename: str) -> str:
    """Say why a file was not taken in."""
    return REFUSALS[refused.reason].format(**refusal_facts(refused, filename))


def sentence(outcome: Outcome) -> str:
    """Say what became of a file."""
    name = outcome.source.name
    match outcome:
        case Accepted():
            return f"Added {name}."
        case Identical():
            return f"{name} is already here."
        case Conflict():
            return f"{name} is already here with different contents. The file that was here first was kept."
        case Rejected():
            return refusal(outcome.refusal, name)
        case Deferred(reason=DeferralReason.STILL_GROWING):
            return f"{name} is still being written. Add it again when it is complete."
        case Deferred():
            return f"{name} was not added: the job was cancelled."
        case _:
            assert_never(outcome)


# {tool} is the installer, {detail} the variable, file or line.
CAUTIONS: dict[CautionReason, str] = {
    CautionReason.CA_BUNDLE_OVERRIDDEN: "{detail} is set, so {tool} will ignore our certificate. Unset it.",
    CautionReason.CONFIG_FILE_OVERRIDDEN: "{detail} is set, so {tool} won't read the file that is changed.",
    CautionReason.INDEX_OVERRIDDEN: "{detail} overrides the list of indexes, so {tool} won't look here.",
    CautionReason.OTHER_INDEXES: "{detail} names more indexes, so {tool} will ask those too.",
    CautionReason.NO_INDEX: "{detail} is set, so {tool} asks no index at all.",
    CautionReason.TRUSTED_HOST: (
        "{detail} switches the verification of our certificate off. It isn't needed: remove it."
    ),
    CautionReason.CA_NOT_TRUSTED: (
        "{tool} trusts what this computer trusts, and that is not our certificate yet. "
        "Run `cheeseboard trust install`, or set {detail}."
    ),
    CautionReason.NOT_SERVING: (
        "Nothing is served at {detail} now. Until it is, {tool} waits for it with every install, or fails."
    ),
    CautionReason.NAME_COLLISION: (
        "Other indexes have higher versions of {detail}: {tool} would install those instead of ours."
    ),
    CautionReason.CREDENTIAL_WRITTEN: (
        "{detail} will hold a token of your own, which works on this computer only. "
        "You alone will be able to read the file."
    ),
    CautionReason.CREDENTIAL_FOR_HOST: (
        "Programs that read this file give the token to any server at {detail}, whatever its port. "
        "It can read packages there, and nothing else."
    ),
    CautionReason.CREDENTIAL_OVERRIDDEN: "{detail} is set, so {tool} will send that instead of the token.",
    CautionReason.CREDENTIAL_IN_KEYRING: (
        "A token of your own, which works on this computer only, goes into the keyring that {detail} opens, "
        "and into no file of {tool}'s."
    ),
    CautionReason.TOOL_NOT_FOUND: "No {tool} was found on this computer, so its documented place is used.",
}


# {entry} is whose token for which address, {command} what takes it out by hand.
TOKEN_FATES: dict[TokenFate, str] = {
    TokenFate.GONE: "The keyring has no token for {entry} any more.",
    TokenFate.NEEDED: "The keyring keeps the token for {entry}: another installer looks for it there.",
    TokenFate.CHANGED: "The keyring has another password for {entry} by now, so it was left there.",
    TokenFate.STUCK: "The keyring did not let go of the token for {entry}. Take it out with: {command}",
}


def token_fate(fate: TokenFate, entry: KeyringEntry) -> str:
    """Say what became of a token in the keyring."""
    command = f"{entry.program} del {entry.service} {entry.user}"
    return TOKEN_FATES[fate].format(entry=f"{entry.user} at {entry.service}", command=command)


def caution(shown: Caution, tool: str) -> str:
    """Say what somebody should know before an installer's configuration is changed."""
    return CAUTIONS[shown.reason].format(tool=tool, detail=shown.detail)


# {detail} is the specifier, the yank's reason or what is preferred.
VERDICTS: dict[Reason, str] = {
    Reason.WRONG_PYTHON: "It is made for another Python than {python}.",
    Reason.WRONG_SYSTEM: "It is made for another system than {system}.",
    Reason.REQUIRES_PYTHON: "It asks for Python {detail}; this is {python}.",
    Reason.NOT_ASKED_FOR: "Another version is asked for ({detail}).",
    Reason.PRE_RELEASE: "It is a pre-release: taken with --pre, or when asked for exactly.",
    Reason.YANKED: "It is yanked{detail}: taken only when asked for exactly.",
    Reason.SOURCE: "It is a source archive, and only wheels are wanted.",
    Reason.OLDER: "It is older than {detail}.",
    Reason.LESS_SUITED: "It would do, but {detail} suits better.",
    Reason.INVALID_NAME: "Its name can't be read.",
}


def verdict(shown: Verdict, python: str, system: str) -> str:
    """Say why a file is the one that is installed, or is not."""
    if shown.reason is None:
        return "This one is installed."
    yanked = shown.reason is Reason.YANKED and shown.detail
    detail = f" ({shown.detail.rstrip('.')})" if yanked else shown.detail
    return VERDICTS[shown.reason].format(detail=detail, python=python, system=system)


# {name} is the project, {detail} the fact behind the failure, {why} the same in brackets or nothing.
BUILD_FAILURES: dict[BuildFailure, str] = {
    BuildFailure.NOT_BUILDABLE: "{name} has no pyproject.toml or setup.py any more, so it can't be built.",
    BuildFailure.INVALID_PYPROJECT: "{name} wasn't built: its pyproject.toml isn't valid{why}.",
    BuildFailure.NO_PYTHON: (
        "{name} wasn't built: no Python that can build was found on this computer{why}. "
        "Install Python 3.11 or newer, with its venv module."
    ),
    BuildFailure.NO_WORKPLACE: "{name} wasn't built: there is no place to build in{why}.",
    BuildFailure.NO_SPACE: "{name} wasn't built: the disk is full. Make room, then build again.",
    BuildFailure.UNREADABLE: "{name} wasn't built: its folder can't be read{why}.",
    BuildFailure.NO_ENVIRONMENT: (
        "{name} wasn't built: Python can't make a virtual environment here{why}. "
        "On Debian and Ubuntu, install python3-venv."
    ),
    BuildFailure.REQUIREMENT_NOT_FOUND: (
        "{name} wasn't built: what its build requires isn't in your indexes{why}. Add it there, or here."
    ),
    BuildFailure.INDEX_UNREACHABLE: (
        "{name} wasn't built: the index with what its build requires can't be reached. "
        "Check the network, then build again."
    ),
    BuildFailure.INDEX_UNTRUSTED: (
        "{name} wasn't built: the index with what its build requires has a certificate that isn't trusted."
    ),
    BuildFailure.INDEX_REFUSED: (
        "{name} wasn't built: the index with what its build requires wants another user or password."
    ),
    BuildFailure.BACKEND_MISSING: (
        "{name} wasn't built: its build backend can't be imported{why}. "
        "Check [build-system] in its pyproject.toml."
    ),
    BuildFailure.MODULE_MISSING: (
        "{name} wasn't built: its build needs the module {detail}. "
        "Add its package to requires in [build-system] in pyproject.toml."
    ),
    BuildFailure.COMPILER_MISSING: (
        "{name} wasn't built: it needs a compiler that isn't installed{why}. Install it, then build again."
    ),
    BuildFailure.HEADER_MISSING: (
        "{name} wasn't built: the header file {detail} is missing. "
        "Install the development files of the library that it belongs to."
    ),
    BuildFailure.VERSION_UNKNOWN: (
        "{name} wasn't built: its version comes from tags in its history, and none was found. Tag a release."
    ),
    BuildFailure.FILE_MISSING: "{name} wasn't built: a file that its build needs is missing{why}.",
    BuildFailure.ENDED_BY_SYSTEM: (
        "{name} wasn't built: the system ended the build, most likely because memory ran out."
    ),
    BuildFailure.TIME_OVER: "{name} wasn't built: the time that you allowed was over.",
    BuildFailure.NO_RESULT: "{name} was built, it says, but left no wheel or source archive.",
    BuildFailure.FAILED: "{name} wasn't built: its own build failed{why}. The log says more.",
}

BUILD_STEPS: dict[Step, str] = {
    Step.COPYING: "Copying {name}…",
    Step.ENVIRONMENT: "Building {name}: making an isolated environment…",
    Step.REQUIREMENTS: "Building {name}: installing what its build requires…",
    Step.SDIST: "Building {name}: source archive…",
    Step.WHEEL: "Building {name}: wheel…",
    Step.ADDING: "Adding what was built of {name}…",
}


def without_upload_port(why: str) -> str:
    """Say what it means that uploads have no port of their own."""
    return f"{why} So twine shows why an upload is refused only with --verbose."


def build_facts(name: str, detail: str) -> dict[str, str]:
    """Return what the braces in a sentence of :data:`BUILD_FAILURES` stand for."""
    return {"name": name, "detail": detail, "why": f" ({detail})" if detail else ""}


def build_failure(reason: BuildFailure, name: str, detail: str) -> str:
    """Say why a source tree was not built."""
    return BUILD_FAILURES[reason].format(**build_facts(name, detail))
