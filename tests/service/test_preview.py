from pathlib import Path

import pytest

from cheeseboard.distributions.distribution import Refusal
from cheeseboard.errors import RefusalReason
from cheeseboard.service.preview import preview, projects_among


def test_a_path_that_nobody_may_look_at_is_refused_kindly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    # root may look anywhere, so the system's answer is given by hand.
    monkeypatch.setattr(Path, "stat", refuse)
    seen = preview(tmp_path / "acme-1.0.tar.gz")
    assert not seen.accepted
    assert seen.refusal == Refusal(RefusalReason.UNREADABLE, "Permission denied")


def test_a_file_that_is_gone_is_refused_before_it_is_dropped(tmp_path: Path) -> None:
    assert not preview(tmp_path / "acme-1.0.tar.gz").accepted


def test_projects_are_those_of_the_files_that_would_be_looked_at_in_folders_too(tmp_path: Path) -> None:
    folder = tmp_path / "dist"
    for relative in ("Acme_Geo-1.0.tar.gz", "sub/acme_core-2.0-py3-none-any.whl", ".venv/acme_no-1.0.tar.gz"):
        (folder / relative).parent.mkdir(parents=True, exist_ok=True)
        (folder / relative).touch()
    (folder / ".venv" / "pyvenv.cfg").touch()
    (tmp_path / "notes.docx").touch()

    assert projects_among([folder, tmp_path / "notes.docx"]) == {"acme-geo", "acme-core"}
