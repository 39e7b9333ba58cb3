"""The form that upload clients send, read as it comes: the file is handed on, a few fields are kept.

multipart/form-data (RFC 7578) as twine, uv, poetry, pdm, hatch and flit write it: fields in any order,
before or after the file, some empty, some repeated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from multipart import (  # type: ignore[import-untyped]  # annotated, but not marked so
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

CONTENT = "content"
ATTESTATIONS = "attestations"
# What is said of a file and checked against it; all else is counted and forgotten: the file knows it better.
_KEPT = frozenset(
    {
        ":action",
        "protocol_version",
        "name",
        "version",
        "filetype",
        "sha256_digest",
        "blake2_256_digest",
        "md5_digest",
        ATTESTATIONS,
    }
)
_LONGEST_BOUNDARY = 200


class FormRefused(Exception):
    """The form can't be taken.

    Attributes:
        status: The answer's.
        sentence: Why, fit to be shown.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class FormLimits:
    """How much a form may hold beside its file.

    Attributes:
        parts: Of any kind. Every requirement, extra and classifier is one: real projects have hundreds.
        field_bytes: Of one field.
        fields_bytes: Of all fields.
        kept_bytes: Of one field that is kept.
        attestations_bytes: Of the attestations.
    """

    parts: int = 5_000
    field_bytes: int = 10 * 1024 * 1024
    fields_bytes: int = 32 * 1024 * 1024
    kept_bytes: int = 4 * 1024
    attestations_bytes: int = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileBegun:
    """From here on pieces of the file follow.

    Attributes:
        filename: As the client spells it; anything at all.
    """

    filename: str


class FormReader:
    """Reads one form from the pieces of a body."""

    def __init__(self, content_type: str | None, length: int, limits: FormLimits | None = None) -> None:
        """Read nothing yet.

        Args:
            content_type: The request's.
            length: Its Content-Length.
            limits: How much it may hold.

        Raises:
            FormRefused: The body is no such form.
        """
        kind, options = parse_options_header(content_type or "")
        boundary = options.get("boundary", "")
        if kind != "multipart/form-data" or not boundary.isascii() or len(boundary) > _LONGEST_BOUNDARY:
            raise FormRefused(400, "This is not an upload: the request holds no multipart/form-data.")
        self._limits = limits or FormLimits()
        try:
            self._parser = PushMultipartParser(
                boundary, content_length=length, max_segment_count=self._limits.parts
            )
        except MultipartError as error:
            raise FormRefused(400, "This is not an upload: its boundary can't be used.") from error
        self._part: MultipartSegment | None = None
        self._values: dict[str, bytearray] = {}
        self._fields_bytes = 0
        self._has_file = False

    def feed(self, piece: bytes) -> Iterator[FileBegun | bytes]:
        """Take a piece of the body, not empty; yield what of the file is in it.

        Raises:
            FormRefused: The form can't be taken.
        """
        try:
            for event in self._parser.parse(piece):
                if event is None:
                    self._part = None
                elif not isinstance(event, bytes):
                    yield from self._begin(event)
                elif self._part is not None and self._part.name == CONTENT:
                    yield event
                elif self._part is not None:
                    self._keep(self._part, event)
        except ParserLimitReached as error:
            raise _refused("The upload's form is too large to be read.", error) from error
        except MultipartError as error:
            raise _refused("The upload's form is damaged. Upload the file again.", error) from error

    def _begin(self, part: MultipartSegment) -> Iterator[FileBegun]:
        self._part = part
        name: str = part.name
        if name == CONTENT:
            if self._has_file:
                raise FormRefused(400, "An upload holds one file; this one holds more.")
            if not part.filename:
                raise FormRefused(400, 'The upload\'s file has no name: its part "content" needs a filename.')
            self._has_file = True
            yield FileBegun(part.filename)
        elif name in _KEPT:
            if name in self._values:
                raise FormRefused(400, f"The upload's form says {name} twice.")
            self._values[name] = bytearray()

    def _keep(self, part: MultipartSegment, piece: bytes) -> None:
        self._fields_bytes += len(piece)
        if part.bytes_received > self._limits.field_bytes or self._fields_bytes > self._limits.fields_bytes:
            raise FormRefused(400, "The upload's form is too large to be read.")
        value = self._values.get(part.name)
        if value is None:
            return
        value += piece
        attestations = part.name == ATTESTATIONS
        if len(value) > (self._limits.attestations_bytes if attestations else self._limits.kept_bytes):
            raise FormRefused(400, f"The upload's form has a {part.name} that is too long.")

    def finish(self) -> Mapping[str, str]:
        """Return the fields that are kept, without the empty ones, once the whole body was fed.

        Raises:
            FormRefused: It ends early, has no file, or a field is no text.
        """
        try:
            self._parser.close()
        except MultipartError as error:
            sentence = "The upload is cut short: its closing boundary is missing. Upload the file again."
            raise _refused(sentence, error) from error
        if not self._has_file:
            raise FormRefused(400, "The upload holds no file.")
        try:
            texts = {name: bytes(value).decode().strip() for name, value in self._values.items()}
        except UnicodeDecodeError as error:
            raise FormRefused(400, "The upload's form holds a field that is not UTF-8.") from error
        return {name: text for name, text in texts.items() if text}


def _refused(sentence: str, error: Exception) -> FormRefused:
    # The parser keeps its error, and that, by its traceback, everybody who called: the connection would
    # live until the next garbage collection.
    error.__traceback__ = None
    return FormRefused(400, sentence)
