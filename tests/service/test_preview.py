from pathlib import Path

import pytest

from cheeseboard.distributions.distribution import Refusal
from cheeseboard.errors import RefusalReason
from cheeseboard.service.preview import preview


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
