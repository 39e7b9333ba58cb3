"""Requests in few lines, for somebody who watches; nothing at all while nobody does."""

from pathlib import Path

import pytest

from cheeseboard.events import Answered, AskedFor
from cheeseboard.server.traffic.access_log import Access, AccessLog
from cheeseboard.server.traffic.summary import summarize

PIP = 'pip/26.3 {"python":"3.12.1"}'


def access(target: str, status: int, method: str = "GET", address: str = "192.168.1.23") -> Access:
    return Access(address, method, target, "1.1", status, 10, "", PIP)


@pytest.mark.parametrize(
    ("made", "name", "answered"),
    [
        (access("/simple/acme-core/", 200), "acme-core", Answered.HERE),
        (access("/simple/acme-core/", 304), "acme-core", Answered.HERE),
        (access("/simple/acme-core/?format=x", 200), "acme-core", Answered.HERE),
        (access("/simple/acme-core/a-1.whl.metadata", 200), "acme-core", Answered.HERE),
        (access("/simple/acme-core/a-1.whl", 206), "a-1.whl", Answered.HERE),
        (access("/simple/", 200), "", Answered.HERE),
        (access("/projects/acme-core/", 200), "acme-core", Answered.HERE),
        (access("/simple/requests/", 404), "requests", Answered.NOT_HERE),
        (access("/simple/acme-core/a-9.whl", 404), "a-9.whl", Answered.NOT_HERE),
        (access("/simple/acme-core/", 401), "acme-core", Answered.TURNED_AWAY),
        (access("/simple/acme-core/", 403), "acme-core", Answered.TURNED_AWAY),
        (access("/simple/acme-core/", 429), "acme-core", Answered.TURNED_AWAY),
        (access("/legacy/", 403, "POST"), "", Answered.UPLOAD_REFUSED),
    ],
)
def test_each_request_is_here_or_not_or_turned_away(made: Access, name: str, answered: Answered) -> None:
    assert summarize([made]) == (AskedFor("192.168.1.23", "pip/26.3", name, answered, 1),)


@pytest.mark.parametrize(
    "made",
    [
        access("/simple/acme-core/a-1.whl", 200),  # told as a download
        access("/simple/Acme_Core/", 301),  # the next request is told
        access("/health", 200),
        access("/favicon.ico", 404),
        access("/legacy/", 200, "POST"),
    ],
)
def test_what_is_told_elsewhere_or_means_nothing_is_left_out(made: Access) -> None:
    assert summarize([made]) == ()


def test_what_is_alike_is_counted_and_the_whole_is_bounded() -> None:
    many = [access("/simple/requests/", 404)] * 25_000
    many += [access(f"/simple/project-{number}/", 404) for number in range(1000)]

    told = summarize(many)

    assert told[0] == AskedFor("192.168.1.23", "pip/26.3", "requests", Answered.NOT_HERE, 25_000)
    assert len(told) == 20


def test_a_name_cannot_forge_a_line() -> None:
    [told] = summarize([access("/simple/a%0Ab%1b" + "x" * 5000 + "/", 404)])
    assert told.name.isprintable()
    assert len(told.name) < 200


def test_the_log_tells_a_watcher_of_all_that_came(tmp_path: Path) -> None:
    told: list[Access] = []
    log = AccessLog(tmp_path / "access.log", seconds=60)
    log.watcher = told.extend
    sent = [access("/simple/a/", 200), access("/simple/b/", 404)]
    for one in sent:
        log(one)
    log.close()

    assert told == sent


def test_a_log_that_cannot_be_written_still_tells_its_watcher(tmp_path: Path) -> None:
    told: list[Access] = []
    log = AccessLog(tmp_path / "missing" / "access.log", seconds=60)
    log.watcher = told.extend
    log(access("/simple/a/", 200))
    log.close()

    assert len(told) == 1
