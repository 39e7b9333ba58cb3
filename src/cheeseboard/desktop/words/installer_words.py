"""What the window says about letting installers look here: what hinders, how to mend it, what came of it."""

from collections.abc import Sequence
from typing import assert_never

from cheeseboard.clients.collisions import Collision, Winner
from cheeseboard.clients.plan import Caution, CautionReason, Mode
from cheeseboard.clients.proof import REACHED, WORDS, Proof
from cheeseboard.desktop.look.theme import Tone
from cheeseboard.desktop.words.translate import mark, tr


def in_use(tool: str, mode: Mode) -> str:
    """Words 12."""
    match mode:
        case Mode.EXTRA:
            return tr("{tool} on this computer now also looks here.", tool=tool)
        case Mode.FIRST:
            return tr("{tool} on this computer now looks here first.", tool=tool)
        case Mode.ONLY:
            return tr("{tool} on this computer now looks only here.", tool=tool)
        case _:
            assert_never(mode)


def proof(shown: Proof) -> tuple[str, str]:
    """Say what came of letting an installer ask this repository, and one thing to do about it."""
    sentence, action = (
        tr(words, **{**shown.facts, "inspect": tr(shown.facts.get("inspect", ""))}) if words else ""
        for words in (WORDS[shown.cause] if shown.cause else REACHED)
    )
    return sentence, action


def proofs(shown: Sequence[Proof]) -> tuple[tuple[Tone, str], ...]:
    """Say what came of asking: each failure by itself, all that went well in one sentence."""
    if len(shown) == 1:
        return (_told(shown[0], *proof(shown[0])),)
    said = [_told(one, f"{one.label}: {proof(one)[0]}", proof(one)[1]) for one in shown if one.cause]
    well = [one for one in shown if not one.cause]
    if well:
        sentence = proof(well[0])[0].rstrip(".")
        said.append((Tone.OK, f"{sentence}: {', '.join(one.label for one in well)}."))
    return tuple(said)


def _told(shown: Proof, sentence: str, action: str) -> tuple[Tone, str]:
    return Tone.ERROR if shown.cause else Tone.OK, f"{sentence} {action}".strip()


def undone(tool: str, *, exact: bool) -> str:
    """Say how an installer's configuration was brought back."""
    if exact:
        return tr(
            "{tool} no longer looks here. Its configuration is what it was before, byte for byte.", tool=tool
        )
    return tr(
        "{tool} no longer looks here. Only our own lines were taken out; the changes made since were kept.",
        tool=tool,
    )


def caution(shown: Caution, tool: str) -> str:
    """Words 13 and their kin: what stands in the way and what it means."""
    return tr(_CAUTIONS[shown.reason][0], detail=shown.detail, tool=tool)


def caution_help(shown: Caution, tool: str) -> str:
    """Say how to mend what a caution names."""
    return tr(_CAUTIONS[shown.reason][1], detail=shown.detail, tool=tool)


_UNSET = mark("Remove {detail} from your shell’s start-up file and open a new terminal.")
_UNDO = mark("Undo takes it out again.")
_NOT_NEEDED = mark("Remove {detail} when nothing else needs it.")
# What is so, and what to do about it.
_CAUTIONS = {
    CautionReason.CA_BUNDLE_OVERRIDDEN: (
        mark("{detail} is set, so {tool} will ignore our certificate."),
        mark(
            "Remove {detail} from your shell’s start-up file and open a new terminal, or add our "
            "certificate to the file it names."
        ),
    ),
    CautionReason.CONFIG_FILE_OVERRIDDEN: (
        mark("{detail} is set, so {tool} will not read this file."),
        mark(
            "Remove {detail} from your shell’s start-up file and open a new terminal, or write the lines "
            "above into the file it names."
        ),
    ),
    CautionReason.INDEX_OVERRIDDEN: (
        mark("{detail} replaces the list of indexes, so {tool} will not see ours there."),
        mark("Remove {detail}, or add the address above to it."),
    ),
    CautionReason.OTHER_INDEXES: (
        mark("{detail} names more indexes, so {tool} will look there too."),
        _NOT_NEEDED,
    ),
    CautionReason.NO_INDEX: (mark("{detail} keeps {tool} from asking any index."), _NOT_NEEDED),
    CautionReason.TOOL_NOT_FOUND: (
        mark("{tool} was not found here, so this is the place its manual names."),
        mark("Install {tool}, or go on: it will read this file once it is there."),
    ),
    CautionReason.NOT_SERVING: (
        mark("Nothing is served at {detail} now, so {tool} would wait for it."),
        mark("Start serving, then go on."),
    ),
    CautionReason.NAME_COLLISION: (
        mark("Other indexes have higher versions of {detail}: {tool} would install those instead of ours."),
        mark("Rename the project, give it a higher version, or let {tool} look only here."),
    ),
    CautionReason.CA_NOT_TRUSTED: (
        mark("{tool} trusts what this computer trusts, and that is not our certificate yet."),
        mark("Let this computer trust it, or set {detail} for {tool}."),
    ),
    CautionReason.TRUSTED_HOST: (
        mark("{detail} switches off certificate checks for a host. Cheeseboard never needs that."),
        mark("Remove it from {tool}’s configuration when nothing else needs it."),
    ),
    CautionReason.CREDENTIAL_WRITTEN: (
        mark(
            "{detail} will hold a token of your own, which works on this computer only. You alone will "
            "be able to read the file."
        ),
        _UNDO,
    ),
    CautionReason.CREDENTIAL_FOR_HOST: (
        mark(
            "Programs that read this file give the token to any server at {detail}, whatever its port. "
            "It can read packages there, and nothing else."
        ),
        _UNDO,
    ),
    CautionReason.CREDENTIAL_OVERRIDDEN: (
        mark("{detail} is set, so {tool} will send that instead of the token."),
        _UNSET,
    ),
    CautionReason.CREDENTIAL_IN_KEYRING: (
        mark("A token of your own goes into the keyring that {detail} opens."),
        _UNDO,
    ),
}


def collision() -> str:
    """Warn of names that exist here and on the public index."""
    return tr(
        "If a name exists both here and on the public index, the higher version is installed, "
        "wherever it comes from. Give your own packages names of their own."
    )


def collision_found(known: Collision) -> str:
    """Say what pip picks of a name that another index has, too, and why."""
    facts = {"project": known.project, "host": known.upstream, "theirs": known.theirs, "ours": known.ours}
    match known.winner:
        case Winner.UPSTREAM if not known.ours:
            words = tr("{project}: pip takes {theirs} from {host}, since none of yours is offered.", **facts)
        case Winner.UPSTREAM:
            words = tr(
                "{project}: pip takes {theirs} from {host}, which is higher than yours, {ours}.", **facts
            )
        case Winner.EITHER:
            words = tr("{project}: {host} has {theirs}, too; pip takes either.", **facts)
        case Winner.OURS:
            words = tr("{project}: {host} has {theirs}; yours, {ours}, is higher and wins.", **facts)
        case _:
            assert_never(known.winner)
    return words


def index_questions() -> tuple[tuple[str, str], ...]:
    """Return what people ask before they press the button, and the answers."""
    return (
        (
            tr("What happens to my pip?"),
            tr(
                "One file of yours gets the lines shown below. pip then asks this repository besides the "
                "public index; your virtual environments and installed packages stay as they are."
            ),
        ),
        (
            tr("Is this safe?"),
            tr(
                "Connections are encrypted and verified. The certificate is trusted by these installers "
                "only, not by your browser or system, and it is valid for this computer’s names alone."
            ),
        ),
    )
