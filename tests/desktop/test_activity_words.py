"""What the activity drawer says of an upload."""

import pytest

from cheeseboard.desktop.words import activity_words
from cheeseboard.events import Way
from cheeseboard.repository.records import Activity


@pytest.mark.parametrize(
    ("way", "who", "words"),
    [
        (Way.UPLOAD, "ci", "acme-1.0.tar.gz was uploaded by ci"),
        (Way.UPLOAD, "", "acme-1.0.tar.gz was added, uploaded"),
        (Way.DROP, "", "acme-1.0.tar.gz was added, in the window"),
    ],
)
def test_an_upload_is_told_with_the_name_of_its_token(way: Way, who: str, words: str) -> None:
    assert activity_words.activity(Activity(0, "added", "acme-1.0.tar.gz", "acme", way, who)) == words
