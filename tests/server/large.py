"""Large wheels that are as large as their content: nothing in them can be compressed, and nothing is."""

import random
import zipfile

from tests.builders import wheel_members, zip_bytes


def build_large_wheel(megabytes: int, name: str = "acme-large", version: str = "1.0") -> bytes:
    """Return a valid wheel of that size."""
    module = random.Random(megabytes).randbytes(megabytes * 1_000_000)
    members = wheel_members(name, version, modules={"large.bin": module})
    return zip_bytes(members.items(), compression=zipfile.ZIP_STORED)
