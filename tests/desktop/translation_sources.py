"""Finds every text that the window translates, and keeps ``resources/translations`` in step with it.

``python -m tests.desktop.translation_sources`` rewrites the .ts files (translations are kept, texts
that are gone are dropped) and makes the .qm files of them with Qt's own ``lrelease``.
"""

import ast
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from cheeseboard import wording
from cheeseboard.clients import prove, uv
from cheeseboard.clients.proof import REACHED
from cheeseboard.clients.proof import WORDS as PROOF_WORDS
from cheeseboard.locations import resource

CONTEXT = "Cheeseboard"
MARKERS = frozenset({"tr", "mark"})
# What the core's errors say: see cheeseboard.errors.Sentence.
SENTENCES = frozenset({"Sentence"})
LANGUAGES = ("de",)


def sources() -> tuple[str, ...]:
    """Return every source text, sorted."""
    room = Path(wording.__file__).parent / "desktop"
    found = {text for path in room.rglob("*.py") for text in _marked(ast.parse(path.read_text("utf-8")))}
    core = Path(wording.__file__).parent.rglob("*.py")
    found |= {text for path in core for text in _marked(ast.parse(path.read_text("utf-8")), SENTENCES)}
    found |= {*wording.REFUSALS.values(), *wording.WARNINGS.values()}
    found |= {*wording.BUILD_FAILURES.values(), *wording.BUILD_STEPS.values()}
    found |= {words for pair in (REACHED, *PROOF_WORDS.values()) for words in pair if words}
    found |= {voice.inspect for voice in (prove.VOICE, uv._VOICE)}
    found.discard("{inspect}")
    found |= {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
    return tuple(sorted(found))


def _marked(tree: ast.AST, markers: frozenset[str] = MARKERS) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in markers and node.args:
            yield from _literals(node.args[0])
        elif markers is MARKERS and name == "map" and len(node.args) == 2:
            yield from (text for element in ast.walk(node.args[1]) for text in _literals(element))


def _literals(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def ts_path(language: str) -> Path:
    """Return where a language's translations are kept."""
    return resource("translations") / f"cheeseboard_{language}.ts"


def read_translations(language: str) -> dict[str, str]:
    """Return what is translated, by source."""
    path = ts_path(language)
    if not path.exists():
        return {}
    messages = ET.parse(path).getroot().iter("message")
    pairs = ((one.findtext("source") or "", one.findtext("translation") or "") for one in messages)
    return {source: translation for source, translation in pairs if translation}


def write_translations(language: str, translations: dict[str, str]) -> None:
    """Write the .ts file, then the .qm file."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for source in sources():
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = source
        translation = ET.SubElement(message, "translation")
        if source in translations:
            translation.text = translations[source]
        else:
            translation.set("type", "unfinished")
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    ts_path(language).write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', encoding="utf-8"
    )
    release(ts_path(language), ts_path(language).with_suffix(".qm"))


def release(source: Path, target: Path) -> None:
    """Make a .qm file of a .ts file."""
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run([str(tool), "-silent", str(source), "-qm", str(target)], check=True)


if __name__ == "__main__":
    for each in LANGUAGES:
        write_translations(each, read_translations(each))
