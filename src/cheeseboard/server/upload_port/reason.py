"""A sentence as a reason phrase (RFC 9112, 4): all that twine shows its user of a refusal."""

import re
import unicodedata

_LONGEST = 400
# What our own sentences are set with.
_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "×": "x"})
_not_printable = re.compile(r"[^!-~]").sub


def reason_phrase(sentence: str) -> bytes:
    """Return a sentence, which may hold a stranger's words, as one line of printable ASCII, not too long."""
    # Cut before it is taken apart: a single character may stand for eighteen.
    decomposed = unicodedata.normalize("NFKD", sentence[: 2 * _LONGEST].translate(_PLAIN))
    letters = (letter for letter in decomposed if not unicodedata.combining(letter))
    printable = _not_printable(_stand_in, "".join(letters))
    line = " ".join(printable.split())
    if len(line) > _LONGEST:
        line = line[: _LONGEST - 3].rstrip() + "..."
    return line.encode("ascii")


def _stand_in(found: re.Match[str]) -> str:
    """Return what stands for a character that can't: a space for what makes space or breaks a line."""
    letter = found[0]
    return " " if letter.isspace() or unicodedata.category(letter).startswith("C") else "?"
