"""A version as one string that sorts as the version does: a hundred thousand are then sorted by Qt's thread.

Versions compare in Python, strings in C. The order is PEP 440's, as the test tells that compares the two.
"""

from packaging.version import Version

LEAST = "0"
MOST = "9"


def version_key(version: Version) -> str:
    """Return the string; for equal versions it is equal."""
    release = list(version.release)
    while len(release) > 1 and not release[-1]:
        release.pop()
    parts = [_number(version.epoch), *(_number(part) for part in release), LEAST]
    parts.append(_before_release(version))
    parts.append(LEAST if version.post is None else f"1{_number(version.post)}")
    parts.append(MOST if version.dev is None else f"1{_number(version.dev)}")
    if version.local is not None:
        parts += [_local_part(part) for part in version.local.split(".")]
    return "".join(parts)


def _before_release(version: Version) -> str:
    if version.pre is not None:
        letter, number = version.pre
        return f"{letter}{_number(number)}"
    only_dev = version.post is None and version.dev is not None
    return LEAST if only_dev else "z"


def _number(number: int) -> str:
    """Return digits that sort as the number does: how many there are stands before them, from "A" on."""
    digits = str(number)
    return f"{chr(ord('@') + len(digits))}{digits}"


def _local_part(part: str) -> str:
    # Words come before numbers; each ends with what is less than anything that goes on.
    return f"2{_number(int(part))}" if part.isdigit() else f"1{part}\0"
