"""What is served about a file's attestations: a provenance object (PEP 740)."""

import json

# PyPI's media type for it.
CONTENT_TYPE = "application/vnd.pypi.integrity.v1+json"


def render_provenance(attestations: bytes) -> bytes:
    """Return the provenance object of what was attested, a JSON array.

    The publisher that the specification wants named is, to us, whoever held a token: it says nothing of
    who signed, and no claims of a trusted publisher are made that nobody verified.
    """
    bundle = {"publisher": {"kind": "Cheeseboard", "claims": {}}, "attestations": json.loads(attestations)}
    return json.dumps({"version": 1, "attestation_bundles": [bundle]}, separators=(",", ":")).encode("ascii")
