"""The Simple API as HTML (PEP 503, 592, 629, 658, 714, 792), frozen by PEP 833 at version 1.4."""

from html import escape

from cheeseboard.index.model import API_VERSION, File, ProjectDetail, ProjectList
from cheeseboard.repository.snapshot import ProjectStatus


def render_project_list(project_list: ProjectList) -> bytes:
    """Return the root page."""
    # Normalized names consist of [a-z0-9-]: nothing to escape, which matters with 20,000 of them.
    anchors = "\n".join(f'<a href="{name}/">{name}</a><br>' for name in project_list.names)
    return _page("Simple index", "", anchors)


def render_project_detail(detail: ProjectDetail) -> bytes:
    """Return a project page."""
    anchors = "\n".join(_anchor(file) for file in detail.files)
    return _page(f"Links for {detail.name}", _status(detail), f"<h1>Links for {detail.name}</h1>\n{anchors}")


def _status(detail: ProjectDetail) -> str:
    if detail.status is ProjectStatus.ACTIVE:
        return ""
    metas = [f'<meta name="pypi:project-status" content="{detail.status.value}">\n']
    if detail.status_reason:
        reason = escape(detail.status_reason)
        metas.append(f'<meta name="pypi:project-status-reason" content="{reason}">\n')
    return "".join(metas)


def _anchor(file: File) -> str:
    attributes = [f'href="{escape(file.url)}#sha256={file.sha256}"']
    if file.requires_python is not None:
        attributes.append(f'data-requires-python="{escape(file.requires_python)}"')
    if file.metadata_sha256 is not None:
        attributes.append(f'data-core-metadata="sha256={file.metadata_sha256}"')
        # What installers read before PEP 714 renamed it.
        attributes.append(f'data-dist-info-metadata="sha256={file.metadata_sha256}"')
    if file.yanked is not None:
        attributes.append(f'data-yanked="{escape(file.yanked)}"')
    if file.provenance is not None:
        attributes.append(f'data-provenance="{escape(file.provenance)}"')
    return f"<a {' '.join(attributes)}>{escape(file.filename)}</a><br>"


def _page(title: str, metas: str, body: str) -> bytes:
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en">\n'
        "<head>\n"
        '<meta charset="utf-8">\n'
        f'<meta name="pypi:repository-version" content="{API_VERSION}">\n'
        f"{metas}"
        f"<title>{title}</title>\n"
        "</head>\n"
        "<body>\n"
        f"{body}\n"
        "</body>\n"
        "</html>\n"
    ).encode()
