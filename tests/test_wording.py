"""Every reason has a sentence for people, and none of them is a riddle."""

from pathlib import Path

import pytest

from cheeseboard import wording
from cheeseboard.clients.plan import Caution, CautionReason
from cheeseboard.distributions.distribution import Refusal, WarningReason
from cheeseboard.errors import RefusalReason
from cheeseboard.repository.intake import DeferralReason, Deferred, Rejected


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_every_refusal_has_a_sentence_that_names_the_file(reason: RefusalReason) -> None:
    with_detail = wording.refusal(Refusal(reason, "the detail"), "x-1.0.whl")
    without = wording.refusal(Refusal(reason), "x-1.0.whl")
    for sentence in (with_detail, without):
        assert sentence.startswith("x-1.0.whl ")
        assert sentence.rstrip().endswith(".")
        assert "{" not in sentence


@pytest.mark.parametrize("reason", list(DeferralReason))
def test_every_deferral_has_a_sentence(reason: DeferralReason) -> None:
    assert wording.sentence(Deferred(Path("x-1.0.whl"), reason)).startswith("x-1.0.whl ")


@pytest.mark.parametrize("reason", list(WarningReason))
def test_every_warning_has_a_sentence(reason: WarningReason) -> None:
    assert wording.WARNINGS[reason].endswith(".")


@pytest.mark.parametrize("reason", list(CautionReason))
def test_every_caution_has_a_sentence(reason: CautionReason) -> None:
    sentence = wording.caution(Caution(reason, "REQUESTS_CA_BUNDLE"), "pip")
    assert sentence.endswith(".")
    assert "{" not in sentence


def test_a_foreign_file_is_worded_as_the_design_says() -> None:
    outcome = Rejected(Path("/tmp/notes.docx"), Refusal(RefusalReason.NOT_A_DISTRIBUTION))
    assert wording.sentence(outcome) == "notes.docx isn't a wheel or source archive. It was left where it is."
