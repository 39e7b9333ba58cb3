"""Uploads as build tools send them, made byte by byte where a test needs them wrong."""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.builders import build_wheel, wheel_filename
from tests.server.client import Client, Reply

BOUNDARY = "0f9f5a1c83a74c8d"
WHEEL = wheel_filename("acme-core", "1.0")
Field = tuple[str, str | bytes]


def fields_of(content: bytes, name: str = "acme-core", version: str = "1.0") -> dict[str, str]:
    """Return what twine says of a wheel."""
    return {
        ":action": "file_upload",
        "protocol_version": "1",
        "metadata_version": "2.1",
        "name": name,
        "version": version,
        "filetype": "bdist_wheel",
        "pyversion": "py3",
        "sha256_digest": hashlib.sha256(content).hexdigest(),
        "blake2_256_digest": hashlib.blake2b(content, digest_size=32).hexdigest(),
    }


def field_part(name: str, value: str | bytes) -> bytes:
    """Return one field's part, without its boundary."""
    content = value if isinstance(value, bytes) else value.encode()
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + content


def file_part(content: bytes, filename: str | None = WHEEL, *, name: str = "content") -> bytes:
    """Return the file's part, without its boundary."""
    said = "" if filename is None else f'; filename="{filename}"'
    kind = "Content-Type: application/octet-stream\r\n"
    return f'Content-Disposition: form-data; name="{name}"{said}\r\n{kind}\r\n'.encode() + content


def form(parts: Iterable[bytes]) -> bytes:
    """Return a whole body."""
    boundary = BOUNDARY.encode()
    return b"".join(b"--%s\r\n%s\r\n" % (boundary, part) for part in parts) + b"--%s--\r\n" % boundary


def upload_body(content: bytes, fields: Mapping[str, str], filename: str = WHEEL) -> bytes:
    """Return the body that twine would send."""
    return form([*(field_part(*field) for field in fields.items()), file_part(content, filename)])


def basic(secret: str, user: str = "__token__") -> str:
    """Return an Authorization header."""
    return "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Uploader:
    """Somebody with a token."""

    client: Client
    secret: str

    def post(self, body: bytes, path: str = "/legacy/", **headers: str) -> Reply:
        """Send a body."""
        said = {
            "Authorization": basic(self.secret),
            "Content_Type": f"multipart/form-data; boundary={BOUNDARY}",
            **headers,
        }
        return self.client.request("POST", path, content=body, **said)

    def upload(
        self,
        content: bytes,
        filename: str = WHEEL,
        *,
        fields: Mapping[str, str] | None = None,
        changed: Mapping[str, str] | None = None,
    ) -> Reply:
        """Upload a file, with the form that belongs to it, changed, or with another."""
        said = fields if fields is not None else fields_of(content)
        return self.post(upload_body(content, {**said, **(changed or {})}, filename))

    def upload_wheel(self, name: str, version: str = "1.0", **keywords: object) -> Reply:
        """Build and upload a wheel."""
        content = build_wheel(name, version, **keywords)
        return self.upload(content, wheel_filename(name, version), fields=fields_of(content, name, version))


def attestation(filename: str, content: bytes, **changed: Any) -> dict[str, Any]:
    """Return an attestation of the right shape about a file; nobody signed it."""
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": filename, "digest": {"sha256": hashlib.sha256(content).hexdigest()}}],
        "predicateType": "https://docs.index.example/attestations/publish/v1",
        "predicate": None,
        **changed,
    }
    return {
        "version": 1,
        "verification_material": {
            "certificate": base64.b64encode(b"a certificate").decode(),
            "transparency_entries": [{"logIndex": "1"}],
        },
        "envelope": {
            "statement": base64.b64encode(json.dumps(statement).encode()).decode(),
            "signature": base64.b64encode(b"a signature").decode(),
        },
    }
