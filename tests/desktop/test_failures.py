"""What the core's errors say, worded anew in the user's language (issue 6, item 5)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

import cheeseboard
from cheeseboard import errors
from cheeseboard.desktop.words.failure_words import failure, own_words
from cheeseboard.errors import AddressUnavailable, BackupError, CheeseboardError, Sentence
from cheeseboard.locations import resource

# Told by type, in words of the window's own; what is about files is told as a refusal.
WORDED_BY_TYPE = {"StorageFull", "FolderReadOnly", "FolderMissing", "FolderReplaced", "CatalogTooNew"}
REFUSALS = {"InvalidFilename", "UnreadableArchive", "UnsafeArchive", "InvalidMetadata", "MetadataMismatch"}


@pytest.fixture
def german(qapp: QCoreApplication) -> Iterator[None]:
    translator = QTranslator()
    assert translator.load(str(resource("translations/cheeseboard_de.qm")))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def test_a_sentence_is_its_words_and_remembers_what_they_were_made_of() -> None:
    said = Sentence("{path} is cut short.", path=Path("a.tar"))
    assert said == "a.tar is cut short."
    assert (said.template, dict(said.facts)) == ("{path} is cut short.", {"path": "a.tar"})
    assert Sentence("No {braces} here.") == "No {braces} here."


@pytest.mark.usefixtures("german")
def test_an_error_is_told_in_the_users_language_with_its_facts() -> None:
    error = BackupError(Sentence("{source} is no backup of Cheeseboard's.", source="a.tar"), Path("a.tar"))
    assert str(error) == "a.tar is no backup of Cheeseboard's."
    assert failure(error) == "a.tar ist keine Sicherung von Cheeseboard."


@pytest.mark.usefixtures("german")
def test_a_sentence_within_a_sentence_is_told_anew_too() -> None:
    error = AddressUnavailable("192.0.2.1", 8443, Sentence("this computer does not have that address"))
    assert str(error) == "Can't listen on 192.0.2.1, port 8443: this computer does not have that address."
    assert failure(error) == (
        "Auf 192.0.2.1, Port 8443, kann nicht bereitgestellt werden: dieser Computer hat diese Adresse nicht."
    )


@pytest.mark.usefixtures("german")
def test_what_was_not_made_to_be_worded_anew_is_told_as_it_is() -> None:
    assert own_words(ValueError("{odd")) == "{odd"


def test_every_error_that_the_window_may_show_says_a_sentence() -> None:
    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, CheeseboardError)
    }
    room = Path(cheeseboard.__file__).parent
    plain = [
        f"{path.name}:{node.lineno}"
        for path in room.rglob("*.py")
        if path.name != "errors.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and _name(node.func) in kinds - WORDED_BY_TYPE - REFUSALS
        if node.args and isinstance(node.args[0], ast.JoinedStr | ast.Constant | ast.BinOp)
    ]
    assert plain == []


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
