"""Which address is shown, the choice of another one, and news of a change (UX.md, check 24, words 10)."""

from ipaddress import ip_address

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot
from tests.desktop.conftest import OpenWindow
from tests.desktop.memory_service import MemoryService

from cheeseboard.desktop.sharing.addresses import address_news
from cheeseboard.desktop.window.main_window import MainWindow
from cheeseboard.server.addresses import Address, Interface, classify, rank
from cheeseboard.server.state import Serving

RADIO = Interface("wlp2s0", has_device=True, type_number=1, device_type="wlan")
# What a VPN that takes the default route, and container software, add to a computer.
TUNNEL = Interface("wg0", has_device=False, type_number=65534, device_type="wireguard", is_default=True)
DOCKER = Interface("docker0", has_device=False, type_number=1, device_type="bridge")
VIRTUAL = Interface("veth12ab34", has_device=False, type_number=1)


def at(ip: str, interface: Interface) -> Address:
    return Address(ip_address(ip), interface, classify(interface))


EVERYWHERE = (at("172.17.0.1", DOCKER), at("10.8.0.2", TUNNEL), at("192.168.7.9", RADIO))


def open_choice(window: MainWindow) -> QMenu:
    window.share.other.click()
    menu = next(menu for menu in window.findChildren(QMenu) if menu.accessibleName() == "Address to show")
    assert menu.isVisible()
    return menu


def serve(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(window.share.serve.isVisible)
    window.share.serve.click()
    qtbot.waitUntil(window.share.stop.isVisible)


@pytest.mark.parametrize("other", [TUNNEL, DOCKER, VIRTUAL], ids=lambda one: one.name)
def test_check_24_an_address_of_a_vpn_or_of_containers_is_never_the_first(other: Interface) -> None:
    assert [str(one) for one in rank([at("10.8.0.2", other), at("192.168.7.9", RADIO)])] == [
        "192.168.7.9",
        "10.8.0.2",
    ]


def test_with_one_address_there_is_nothing_to_choose(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    serve(qtbot, window)

    assert not window.share.other.isVisible()


def test_every_address_is_offered_with_where_it_leads(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.addresses = EVERYWHERE
    window = open_window(six)
    serve(qtbot, window)

    entries = [action.text() for action in open_choice(window).actions() if not action.isSeparator()]

    assert entries == [
        "ada-laptop.local\tthis computer’s name on the network",
        "192.168.7.9\tWi-Fi (wlp2s0)",
        "10.8.0.2\tVPN: only for those on it (wg0)",
        "172.17.0.1\tcontainers on this computer (docker0)",
        "Let Cheeseboard choose",
    ]


def test_the_chosen_address_is_shown_copied_and_left_to_cheeseboard_again(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.addresses = EVERYWHERE
    window = open_window(six)
    serve(qtbot, window)
    menu = open_choice(window)
    menu.actions()[2].trigger()
    menu.close()
    qtbot.waitUntil(lambda: window.share.address == "https://10.8.0.2:8443/simple/")
    assert window.share.detail.text() == window.share.address
    assert window.notices.sentence == ""

    menu = open_choice(window)
    assert [action.isChecked() for action in menu.actions()][:4] == [False, False, True, False]
    menu.actions()[-1].trigger()
    menu.close()

    qtbot.waitUntil(lambda: window.share.address == "https://ada-laptop.local:8443/simple/")


# --- words 10 -------------------------------------------------------------------------------------


def serving(*hosts: str, lan: bool = True, port: int = 8443) -> Serving:
    urls = tuple(f"https://{host}:{port}/simple/" for host in hosts)
    return Serving(lan=lan, port=port, urls=urls, local_url=f"https://localhost:{port}/simple/")


@pytest.mark.parametrize(
    ("before", "now", "news"),
    [
        (serving("ada.local", "192.168.7.9"), serving("ada.local", "10.0.0.4"), True),
        (serving("192.168.7.9", "ada"), serving("10.0.0.4", "ada"), False),
        (serving("192.168.7.9"), serving("ada.local", "192.168.7.9"), None),
        (serving("192.168.7.9", "10.8.0.2"), serving("10.8.0.2", "192.168.7.9"), None),
        (serving("ada.local", "192.168.7.9", "[fd00::1]"), serving("ada.local", "192.168.7.9"), None),
        (serving("localhost", lan=False), serving("192.168.7.9"), None),
        (serving("192.168.7.9"), serving("10.0.0.4", port=8444), None),
    ],
    ids=["name holds", "address gone", "announced", "other one chosen", "one less", "widened", "other port"],
)
def test_only_an_address_that_is_gone_is_news(before: Serving, now: Serving, news: bool | None) -> None:
    assert address_news(before, now) is news


def test_a_new_address_is_told_and_that_old_lines_still_work(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    six.addresses = EVERYWHERE[2:]
    window = open_window(six)
    serve(qtbot, window)

    six._enter(serving("ada-laptop.local", "10.0.0.4"))

    words = "Your network address changed. Setup lines you already sent still work."
    qtbot.waitUntil(lambda: window.notices.sentence == words)
    assert window.notices.buttons() == ()


def test_lines_that_no_longer_work_are_copied_anew(
    qtbot: QtBot, open_window: OpenWindow, six: MemoryService
) -> None:
    window = open_window(six)
    serve(qtbot, window)

    six._enter(serving("10.0.0.4"))

    words = "Your network address changed. Setup lines you already sent name the old one."
    qtbot.waitUntil(lambda: window.notices.sentence == words)
    window.notices.buttons()[0].click()
    qtbot.waitUntil(lambda: window.notices.sentence.startswith("Setup line copied."))
