"""A pip.conf as text: understood exactly as pip reads it, edited line by line, so that all else stays.

Pure: text in, text out. pip reads with ``RawConfigParser``: ``%`` is literal, there are no inline
comments, a line indented deeper than its option continues the value, comments between such lines are
skipped, ``_`` equals ``-`` in keys, lists are split on white space, ``[DEFAULT]`` reaches into every section.

Text is bytes decoded as UTF-8 with ``surrogateescape``, so what is not ours survives in any encoding.

The join script carries this file to Python 3.8 as it is (see join.py): standard library only.
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

GLOBAL = "global"
# Sections whose commands look for packages: what they say replaces what [global] says.
INDEX_COMMANDS = frozenset({"install", "download", "wheel", "index", "list", "lock", "search"})
LIST_OPTIONS = frozenset({"extra-index-url", "index-servers"})  # the latter in twine's .pypirc

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")  # as text mode's universal newlines split
_HEADER = re.compile(r"\[(?P<section>.+)\]")
_OPTION = re.compile(r"(?P<option>.*?)\s*[=:]\s*(?P<value>.*)$")
_PREFIX = re.compile(r"[^=:]*[=:][^\S\r\n]*")


class Unparsable(ValueError):
    """pip could not read this text either; the message says why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A value that an option shall have; a list option keeps its other values."""

    option: str
    value: str


@dataclass(frozen=True, slots=True)
class _Header:
    section: str
    line: int
    indent: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """One option: ``lines`` are the numbers of those that bear its name or value, in order."""

    section: str
    option: str
    indent: str
    lines: tuple[int, ...]

    @property
    def first(self) -> int:
        return self.lines[0]

    @property
    def last(self) -> int:
        return self.lines[-1]


@dataclass(frozen=True, slots=True)
class _Layout:
    lines: tuple[str, ...]
    headers: tuple[_Header, ...]
    entries: tuple[_Entry, ...]

    def entry(self, section: str, option: str) -> _Entry | None:
        """Return the option that counts: with two spellings in one section, the later."""
        found = [entry for entry in self.entries if (entry.section, entry.option) == (section, option)]
        return found[-1] if found else None

    def header(self, section: str) -> _Header | None:
        return next((header for header in self.headers if header.section == section), None)

    def text_of(self, entry: _Entry) -> str:
        return "".join(self.lines[entry.first : entry.last + 1])

    def value_of(self, entry: _Entry) -> str:
        values = [self.lines[line].strip() for line in entry.lines]
        match = _OPTION.match(values[0])
        values[0] = match["value"] if match else ""
        return "\n".join(values).strip()

    def replaced(self, first: int, last: int, text: str) -> str:
        return "".join((*self.lines[:first], text, *self.lines[last + 1 :]))


def normalize_option(name: str) -> str:
    """Return an option's name as pip compares it."""
    normal = name.lower().replace("_", "-")
    return re.sub(r"\A--", "", normal)  # removeprefix came with Python 3.9


def same_url(one: str, other: str) -> bool:
    """Return whether pip asks the same index by both, whoever it says that it is."""
    return without_user(one).rstrip("/") == without_user(other).rstrip("/")


def without_user(url: str) -> str:
    """Return an address without the user name, and password, in it."""
    return re.sub(r"\A([a-z]+://)[^/@]*@", r"\1", url)


def with_user(url: str, user: str) -> str:
    """Return an address with a user name in it, for which an installer looks up the password."""
    return without_user(url).replace("://", f"://{user}@", 1)


def read_values(text: str) -> dict[str, str]:
    """Return ``{"section.option": value}`` of one file as pip sees it.

    Raises:
        Unparsable: pip refuses the file.
    """
    parser = configparser.RawConfigParser()
    try:
        parser.read_file((line.rstrip("\r\n") + "\n" for line in _LINE.findall(text)), source="this file")
    except configparser.Error as error:
        raise Unparsable(" ".join(str(error).split())) from error
    except (
        AttributeError,
        TypeError,
    ) as error:  # some versions stumble over a continued option without a value
        raise Unparsable("an option has no value") from error
    return {
        f"{section}.{normalize_option(option)}": value
        for section in parser.sections()
        for option, value in parser.items(section)
    }


def sections_with(option: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return [global] and those commands' sections that have a say of their own on this option."""
    # pip ignores an empty value: then the command goes by [global].
    own = {key.rpartition(".")[0] for key, value in values.items() if value and key.endswith("." + option)}
    return (GLOBAL, *sorted(own & INDEX_COMMANDS))


def fulfil(text: str, wishes: Sequence[Wish], inherited: Mapping[str, str], newline: str) -> str:
    """Return the text with every wish in it.

    Args:
        text: The file now; empty when there is none.
        wishes: What shall hold.
        inherited: Values from files that this one overrides, ``{"section.option": value}``. A list that
            this file starts to have would hide theirs, so they are copied into it.
        newline: Line ending for a file that has none yet.

    Raises:
        Unparsable: pip refuses the text, or it is too odd to be edited without changing something else.
    """
    for wish in wishes:
        for section in sections_with(wish.option, {**inherited, **read_values(text)}):
            text = _fulfil_one(text, section, wish, inherited, newline)
    return text


def with_value(text: str, section: str, wish: Wish, inherited: Mapping[str, str], newline: str) -> str:
    """Return the text with one wish in it, in this section alone; otherwise as :func:`fulfil`."""
    return _fulfil_one(text, section, wish, inherited, newline)


def _fulfil_one(text: str, section: str, wish: Wish, inherited: Mapping[str, str], newline: str) -> str:
    before = read_values(text)
    key = f"{section}.{wish.option}"
    present = {**inherited, **before}.get(key, "").split()
    values = [wish.value]
    if wish.option in LIST_OPTIONS:
        if any(same_url(wish.value, url) for url in present):
            return text
        values = [*present, wish.value]
    elif before.get(key) == wish.value:
        return text
    layout = _scan(text)
    entry = layout.entry(section, wish.option)
    if entry is None:
        edited = _with_option(layout, section, wish.option, values, newline)
    elif wish.option in LIST_OPTIONS:
        edited = _with_line(layout, entry, wish.value, newline)
    else:
        edited = _with_value(layout, entry, wish.value, newline)
    _check_only_change(before, read_values(edited), key, values)
    return edited


def _check_only_change(
    before: Mapping[str, str], after: Mapping[str, str], key: str, values: Sequence[str]
) -> None:
    others = {name: value for name, value in after.items() if name != key}
    if after.get(key, "").split() != " ".join(values).split() or others != {
        name: value for name, value in before.items() if name != key
    }:
        raise Unparsable("its layout is so unusual that it can't be edited without changing something else")


def take_out(current: str, before: str, after: str, ours: str) -> str:
    """Return ``current`` without what led from ``before`` to ``after``; what others edited since stays.

    An option whose value is no longer the one in ``after`` was changed on purpose and is left; a list
    loses just what was added to it.

    Args:
        current: The file now.
        before: The file before our change.
        after: The file after it.
        ours: The value that we added to lists.

    Raises:
        Unparsable: pip refuses the text as it is now.
    """
    read_values(current)
    old, new = _scan(before), _scan(after)
    for section, option in dict.fromkeys((entry.section, entry.option) for entry in new.entries):
        written = new.entry(section, option)
        former = old.entry(section, option)
        if written is None or (former and old.value_of(former) == new.value_of(written)):
            continue
        former_text = old.text_of(former) if former else None
        value = new.value_of(written)
        if option in LIST_OPTIONS:
            copies = frozenset(value.split()) if former is None else None
            current = _without_word(current, section, option, ours, copies)
        else:
            current = _without_value(current, section, option, value, former_text)
    for header in new.headers:
        if old.header(header.section) is None:
            current = _without_empty_section(current, header.section)
    read_values(current)
    return current


def mentions(text: str, option: str, value: str) -> bool:
    """Return whether any section gives this value to the option; False when pip refuses the text."""
    try:
        values = read_values(text)
    except Unparsable:
        return False
    return any(
        key.rpartition(".")[2] == option and (found == value or value in found.split())
        for key, found in values.items()
    )


# --- reading ----------------------------------------------------------------------------------------


def _scan(text: str) -> _Layout:
    """Return where everything is, by the same rules as ``RawConfigParser``; the text is valid for it."""
    lines = tuple(_LINE.findall(text))
    headers: list[_Header] = []
    entries: list[_Entry] = []
    in_option = False
    level = 0
    for number, line in enumerate(lines):
        content = line.strip()
        if not content or content[0] in "#;":
            continue
        indent = line[: len(line) - len(line.lstrip())]
        if in_option and len(indent) > level:
            entry = entries[-1]
            entries[-1] = _Entry(entry.section, entry.option, entry.indent, (*entry.lines, number))
            continue
        level = len(indent)
        header = _HEADER.match(content)
        option = _OPTION.match(content)
        if header:
            headers.append(_Header(header["section"], number, indent))
            in_option = False
        elif option and headers:
            name = normalize_option(option["option"].rstrip())
            entries.append(_Entry(headers[-1].section, name, indent, (number,)))
            in_option = True
    return _Layout(lines, tuple(headers), tuple(entries))


# --- adding -----------------------------------------------------------------------------------------


def _with_line(layout: _Layout, entry: _Entry, value: str, newline: str) -> str:
    """Add a value to a list as a line of its own, so that no line of the user's changes."""
    last = layout.lines[entry.last]
    indent = entry.indent + "    " if entry.last == entry.first else last[: len(last) - len(last.lstrip())]
    ending = _ending(layout, entry.last, newline)
    return layout.replaced(entry.last, entry.last, _ended(last, ending) + indent + value + ending)


def _with_value(layout: _Layout, entry: _Entry, value: str, newline: str) -> str:
    line = layout.lines[entry.first]
    match = _PREFIX.match(line)
    prefix = match[0] if match else ""
    if prefix.endswith(("=", ":")):
        prefix += " "
    return layout.replaced(entry.first, entry.last, prefix + value + _ending(layout, entry.last, newline))


def _with_option(layout: _Layout, section: str, option: str, values: Sequence[str], newline: str) -> str:
    header = layout.header(section)
    siblings = [entry for entry in layout.entries if entry.section == section]
    if header is None:
        anchor, indent = len(layout.lines) - 1, ""
    elif siblings:
        # The same indentation as its neighbour: then the lines that follow are read as before.
        anchor, indent = siblings[-1].last, siblings[-1].indent
    else:
        anchor, indent = header.line, header.indent
    ending = _ending(layout, anchor, newline)
    added = "" if header else f"[{section}]{ending}"
    if len(values) > 1:
        added += f"{indent}{option} ={ending}" + "".join(f"{indent}    {value}{ending}" for value in values)
    else:
        added += f"{indent}{option} = {values[0]}{ending}"
    if not layout.lines:
        return added
    neighbour = _ended(layout.lines[anchor], ending)
    gap = ending if header is None and neighbour.strip() else ""
    return layout.replaced(anchor, anchor, neighbour + gap + added)


def _ending(layout: _Layout, near: int, newline: str) -> str:
    for line in (*layout.lines[near : near + 1], *layout.lines[:1]):
        bare = line.rstrip("\r\n")
        if bare != line:
            return line[len(bare) :]
    return newline


def _ended(line: str, ending: str) -> str:
    return line if line.endswith(("\n", "\r")) else line + ending


# --- taking out -------------------------------------------------------------------------------------


def _without_word(text: str, section: str, option: str, word: str, copies: frozenset[str] | None) -> str:
    """Take one value from a list.

    ``copies`` are all values of the list if we made it, None if it was the user's: a list of ours that
    holds nothing but copies of what other files say goes as a whole.
    """
    layout = _scan(text)
    entry = layout.entry(section, option)
    if entry is None:
        return text
    words = layout.value_of(entry).split()
    if word not in words:
        return text
    rest = [other for other in words if other != word]
    lines = list(layout.lines)
    for number in entry.lines:
        if copies is not None and copies.issuperset(rest):
            lines[number] = ""
        elif number == entry.first:
            match = _PREFIX.match(lines[number])
            prefix = match[0] if match else ""
            lines[number] = prefix + _strike(lines[number][len(prefix) :], word)
        elif set(lines[number].split()) == {word}:
            lines[number] = ""
        else:
            lines[number] = _strike(lines[number], word)
    return "".join(lines)


def _strike(line: str, word: str) -> str:
    return re.sub(rf"(?<!\S){re.escape(word)}(?!\S)[^\S\r\n]*", "", line)


def _without_value(text: str, section: str, option: str, value: str, former: str | None) -> str:
    layout = _scan(text)
    entry = layout.entry(section, option)
    if entry is None or layout.value_of(entry) != value:
        return text
    restored = former or ""
    if restored and entry.last + 1 < len(layout.lines):
        restored = _ended(restored, _ending(layout, entry.last, "\n"))
    return layout.replaced(entry.first, entry.last, restored)


def _without_empty_section(text: str, section: str) -> str:
    layout = _scan(text)
    header = layout.header(section)
    if header is None or any(entry.section == section for entry in layout.entries):
        return text
    later = [other.line for other in layout.headers if other.line > header.line]
    end = later[0] if later else len(layout.lines)
    if any(line.strip() for line in layout.lines[header.line + 1 : end]):
        return text  # somebody's comments
    start = header.line
    if start and not layout.lines[start - 1].strip():
        start -= 1  # the gap that we left above it
    return layout.replaced(start, end - 1, "")
