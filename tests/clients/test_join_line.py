"""The join line means the same to sh, PowerShell and cmd.

sh and its kin are run. PowerShell and cmd are not to be had here, so they are modelled by what their
documentation says of quoting, and each model is shown to be one that a careless line would not pass.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cheeseboard.clients.join import JoinScript, join_line
from cheeseboard.errors import ClientConfigError

SCRIPT = JoinScript(b"", "0123456789abcdef" * 4)
labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
hosts = st.one_of(
    labels,
    labels.map(lambda label: f"{label}.local"),
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(lambda address: f"[{address}]"),
)


def line_to(host: str, port: int = 8443, python: str = "python3") -> str:
    return join_line(f"https://{host}:{port}/simple/", SCRIPT, python=python)


def code_in(line: str) -> str:
    """Return what Python shall be given."""
    return line.partition(' -c "')[2].removesuffix('"')


# --- PowerShell ---------------------------------------------------------------------------------------

_DOUBLE = '"\u201c\u201d\u201e'  # typographic quotation marks quote there too
_SINGLE = "'\u2018\u2019\u201a\u201b"


def powershell_words(line: str) -> list[str]:
    """Split a command line as PowerShell's argument mode does (about_Parsing, about_Quoting_Rules)."""
    words: list[str] = []
    word, quote, position = "", "", 0
    while position < len(line):
        character = line[position]
        if quote in _DOUBLE and quote:
            if character in "$`":
                raise AssertionError(f"PowerShell expands {line[position:]}")
            if character in _DOUBLE:
                quote = ""
            else:
                word += character
        elif character in _DOUBLE:
            quote = character
        elif character == " ":
            words.append(word)
            word = ""
        elif character in "$`;&|<>(){}@#,%!" or character in _SINGLE:
            raise AssertionError(f"outside quotes, PowerShell gives {character} a meaning")
        else:
            word += character
        position += 1
    assert not quote, "PowerShell waits for the closing quote"
    return [*words, word]


def started_by_windows_powershell(words: list[str]) -> str:
    """Return the command line that PowerShell 5.1 builds: blanks are quoted, nothing is escaped."""
    return " ".join(f'"{word}"' if " " in word else word for word in words)


def started_by_powershell_7(words: list[str]) -> str:
    """Return the command line of PowerShell 7.3's standard passing: as .NET's ArgumentList escapes."""

    def escaped(word: str) -> str:
        if word and not re.search(r'[\s"]', word):
            return word
        doubled = re.sub(r'(\\*)"', r'\1\1\\"', word)
        return '"' + re.sub(r"(\\+)$", r"\1\1", doubled) + '"'

    return " ".join(map(escaped, words))


def argv(line: str) -> list[str]:
    """Split a Windows command line as CommandLineToArgvW and Microsoft's C runtime do."""
    words: list[str] = []
    word, quoted, started, position = "", False, False, 0
    while position < len(line):
        character = line[position]
        slashes = len(line[position:]) - len(line[position:].lstrip("\\"))
        if slashes:
            before_quote = line[position + slashes : position + slashes + 1] == '"'
            word += "\\" * (slashes // 2 if before_quote else slashes)
            position += slashes
            started = True
            if before_quote and slashes % 2:
                word += '"'
                position += 1
            continue
        if character == '"':
            quoted, started = not quoted, True
        elif character in " \t" and not quoted:
            if started:
                words.append(word)
            word, started = "", False
        else:
            word, started = word + character, True
        position += 1
    return [*words, word] if started else words


# --- cmd ----------------------------------------------------------------------------------------------


def started_by_cmd(line: str, variables: Mapping[str, str]) -> str:
    """Return the command line that cmd hands over: percents first, then carets and operators, then "!"."""

    def value(match: "re.Match[str]") -> str:
        return variables.get(match[1].upper(), match[0])

    line = re.sub(r"%([^%:]+)(?::[^%]*)?%", value, line)
    result, quoted, position = "", False, 0
    while position < len(line):
        character = line[position]
        if character == '"':
            quoted = not quoted
        elif not quoted and character == "^":
            position += 1
            character = line[position : position + 1]
        elif not quoted and character in "&|<>()":
            raise AssertionError(f"outside quotes, cmd gives {character} a meaning")
        result += character
        position += 1
    # With delayed expansion, quotes don't protect it.
    return re.sub(r"!([^!]+)!", value, result)


ENVIRONMENT = {"PATH": "C:\\Windows", "S": "x", "E": "y"}


@given(hosts, st.integers(1, 65535), st.sampled_from(["python3", "py"]), st.sampled_from(["", " --undo"]))
def test_powershell_and_cmd_hand_python_the_very_code(host: str, port: int, python: str, words: str) -> None:
    line = line_to(host, port, python) + words
    wanted = [python, "-c", code_in(line_to(host, port, python)), *words.split()]
    parsed = powershell_words(line)
    assert parsed == wanted
    assert argv(started_by_windows_powershell(parsed)) == wanted
    assert argv(started_by_powershell_7(parsed)) == wanted
    assert argv(started_by_cmd(line, ENVIRONMENT)) == wanted


@given(hosts)
def test_the_code_is_python(host: str) -> None:
    compile(code_in(line_to(host)), "line", "exec")


def test_it_is_short_enough_for_cmd() -> None:
    assert len(line_to("x" * 63 + ".local")) < 8191


@pytest.mark.parametrize("code", ["print('$x')", "print('`t')", "print('\u201d')"])
def test_the_model_of_powershell_knows_what_a_careless_line_would_meet(code: str) -> None:
    with pytest.raises(AssertionError):
        powershell_words(f'python3 -c "{code}"')


@pytest.mark.parametrize(
    "code", ["print('%PATH%')", "print('!PATH!')", "print('%PATH:~0,2%')", 'print(\\"&\\")']
)
def test_the_model_of_cmd_knows_what_a_careless_line_would_meet(code: str) -> None:
    line = f'python3 -c "{code}"'
    try:
        got = argv(started_by_cmd(line, ENVIRONMENT))
    except AssertionError:
        return
    assert got != ["python3", "-c", code.replace("\\", "")]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('a "b c" d', ["a", "b c", "d"]),
        (r"a b\"c", ["a", 'b"c']),
        (r'"a\\" b', ["a\\", "b"]),
        (r"a\\b", ["a\\\\b"]),
        ('a"b c"d ""', ["ab cd", ""]),
    ],
)
def test_the_model_of_windows_splits_as_microsoft_documents(line: str, words: list[str]) -> None:
    assert argv(line) == words


@pytest.mark.parametrize("character", list('$%^!`\\"<>|&\n\u201d*?~#@'))
def test_an_address_with_a_shells_characters_makes_no_line(character: str) -> None:
    with pytest.raises(ClientConfigError, match="every shell"):
        line_to(f"ada{character}laptop")


# --- sh and its kin -----------------------------------------------------------------------------------


SHELLS = ["sh", "bash", *filter(shutil.which, ("dash", "zsh", "ksh", "fish"))]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("host", ["ada-laptop.local", "[fd00::1]"])
def test_a_real_shell_hands_python_the_very_code(
    shell: str, host: str, need_tool: Callable[[str], str]
) -> None:
    line = line_to(host, python="printf '%s\\n'")
    # As typed, history expansion and all.
    typed = ["-i", "-o", "histexpand"] if shell == "bash" else []
    words = [need_tool(shell), *typed, "-c", line]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["-c", code_in(line)]
