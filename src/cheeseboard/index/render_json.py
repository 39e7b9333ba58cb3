"""The Simple API as JSON (PEP 691, 700, 714, 792), the primary form."""

import json
from typing import Any

from cheeseboard.index.model import API_VERSION, File, ProjectDetail, ProjectList


def render_project_list(project_list: ProjectList) -> bytes:
    """Return the root page."""
    return _encode(
        {
            "meta": {"api-version": API_VERSION},
            "projects": [{"name": name} for name in project_list.names],
        },
    )


def render_project_detail(detail: ProjectDetail) -> bytes:
    """Return a project page."""
    status = {"status": detail.status.value}
    if detail.status_reason:
        status["reason"] = detail.status_reason
    return _encode(
        {
            "meta": {"api-version": API_VERSION},
            "name": detail.name,
            "project-status": status,
            "versions": list(detail.versions),
            "files": [_file(file) for file in detail.files],
        },
    )


def _file(file: File) -> dict[str, Any]:
    # A key without a value is left out, never null: uv refuses the whole project over a null.
    entry: dict[str, Any] = {
        "filename": file.filename,
        "url": file.url,
        "hashes": {"sha256": file.sha256},
        "size": file.size,
        "upload-time": file.upload_time,
    }
    if file.requires_python is not None:
        entry["requires-python"] = file.requires_python
    if file.metadata_sha256 is not None:
        entry["core-metadata"] = {"sha256": file.metadata_sha256}
        # What installers read before PEP 714 renamed it.
        entry["dist-info-metadata"] = entry["core-metadata"]
    if file.yanked is not None:
        entry["yanked"] = file.yanked or True
    if file.provenance is not None:
        entry["provenance"] = file.provenance
    return entry


def _encode(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")
