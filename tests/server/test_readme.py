import threading
import time

import pytest
from bs4 import BeautifulSoup
from tests.server.board import Board
from tests.server.client import Client

from cheeseboard.distributions.metadata import ProjectDetails
from cheeseboard.server.people.readme import Readmes, render_readme

METADATA = b"""\
Metadata-Version: 2.4
Name: Acme.Core
Version: 1.0
Summary: Everything
Author: Wile E.
License-Expression: MIT
Requires-Python: >=3.9
Requires-Dist: acme-util>=2
Requires-Dist: elsewhere[fast]!=3; python_version < "3.10"
Requires-Dist: not a requirement <script>
Project-URL: Source, https://example.test/source
Project-URL: Evil, javascript:alert(1)
Description-Content-Type: text/markdown

# Read me

It *works*. <script>alert(1)</script>

[out](https://example.test/) [bad](javascript:alert(1)) ![picture](https://example.test/x.png)
"""


def test_markdown_becomes_clean_html() -> None:
    shown = BeautifulSoup(
        render_readme(METADATA.decode().partition("\n\n")[2], "text/markdown"), "html.parser"
    )
    assert shown.h1 is not None
    assert shown.h1.text == "Read me"
    assert shown.find("script") is None
    assert [link.get("href") for link in shown.find_all("a") if link.text] == ["https://example.test/", None]


def test_a_picture_is_named_and_not_loaded() -> None:
    shown = render_readme('![a <b> "c" >](https://example.test/x.png) ![](y.png)', "text/markdown")
    assert "<img" not in shown
    assert BeautifulSoup(shown, "html.parser").text.strip() == 'a <b> "c" >'


def test_restructuredtext_becomes_html_and_reads_no_file() -> None:
    shown = render_readme("Title\n=====\n\n*it*\n", "text/x-rst")
    assert "<em>it</em>" in shown
    stolen = render_readme("x\n\n.. include:: /etc/passwd\n\n.. raw:: html\n\n   <script>\n", "text/x-rst")
    assert "root:" not in stolen
    assert "<script" not in stolen


def test_plain_text_and_what_is_not_valid_in_its_markup_are_shown_as_they_are() -> None:
    assert "a &lt;b&gt;" in render_readme("a <b>", "text/plain")
    assert (
        render_readme(".. unknown:: <b>", "text/x-rst") == '<pre class="plain">.. unknown:: &lt;b&gt;</pre>'
    )


@pytest.mark.parametrize("text", ["", "  \n", "UNKNOWN"])
def test_no_description_is_no_readme(text: str) -> None:
    assert render_readme(text, "text/markdown") == ""


def test_a_text_that_keeps_the_renderer_busy_is_shown_as_it_is() -> None:
    began = time.monotonic()
    shown = render_readme("> " * 100_000, "text/markdown", seconds=1.0)
    assert shown.startswith('<pre class="plain">&gt; &gt;')
    assert time.monotonic() - began < 5


def test_a_text_that_grows_a_thousandfold_is_shown_as_it_is() -> None:
    bomb = "|a" * 1000 + "\n" + "|-" * 1000 + "\n" + "|x\n" * 2000
    assert render_readme(bomb, "text/markdown", seconds=1.0).startswith('<pre class="plain">|a|a')


def test_an_endless_text_is_shortened() -> None:
    assert len(render_readme("a\n" * 1_000_000, "text/markdown")) < 600_000


def test_a_readme_is_rendered_once() -> None:
    readmes = Readmes()
    details = ProjectDetails(description="*x*", description_content_type="text/markdown")
    assert readmes.render("1" * 64, details) is readmes.render("1" * 64, details)


def test_a_project_page_shows_the_readme_and_what_the_project_says_of_itself(
    client: Client, board: Board
) -> None:
    board.add("acme_core-1.0-py3-none-any.whl", metadata=METADATA)
    page = client.get("/projects/acme-core/", Accept="text/html")
    shown = BeautifulSoup(page.body, "html.parser")
    for text in ("Read me", "It works.", "Wile E.", "MIT", ">=3.9", "any Python 3, any system"):
        assert text in shown.text
    assert shown.find("script") is None
    assert "javascript:" not in page.text
    assert "not a requirement <script>" in shown.text
    sources = [link["href"] for link in shown.select("dl.about a")]
    assert sources == ["https://example.test/source"]


def test_a_dependency_is_linked_once_it_is_here(client: Client, board: Board) -> None:
    board.add("acme_core-1.0-py3-none-any.whl", metadata=METADATA)
    assert b'href="/projects/acme-util/"' not in client.get("/projects/acme-core/").body
    board.add("acme_util-2.0.tar.gz")
    assert b'href="/projects/acme-util/"' in client.get("/projects/acme-core/").body


def test_a_slow_readme_holds_up_nobody_else(client: Client, board: Board) -> None:
    slow = METADATA.partition(b"\n\n")[0] + b"\n\n" + b"> " * 20_000
    board.add("acme_core-1.0-py3-none-any.whl", metadata=slow)
    asking = threading.Thread(target=client.get, args=("/projects/acme-core/",))
    asking.start()
    waits = []
    while asking.is_alive():
        began = time.monotonic()
        assert client.get("/simple/acme-core/").status == 200
        waits.append(time.monotonic() - began)
    asking.join()
    assert max(waits) < 0.5
