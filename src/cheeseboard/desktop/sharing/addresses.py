"""Which of this computer's addresses is shown to colleagues: the choice, and news of a change."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from cheeseboard.desktop.words import sharing_words
from cheeseboard.desktop.words.translate import tr
from cheeseboard.server.state import Serving
from cheeseboard.service.served_addresses import AddressChoice


def address_menu(
    window: QWidget, choices: Sequence[AddressChoice], choose: Callable[[str], None], *, chosen_by_user: bool
) -> QMenu:
    """Return the menu of all addresses, each with where it leads.

    Args:
        window: Its parent.
        choices: The one shown now in front.
        choose: Told the host; "" for the likeliest.
        chosen_by_user: Whether somebody chose one, so that it can be left to Cheeseboard again.
    """
    menu = QMenu(window)
    menu.setAccessibleName(tr("Address to show"))
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    group = QActionGroup(menu)
    for choice in sorted(choices, key=lambda one: (one.kind is not None, one.kind or 0)):
        # what follows a tab stands in a column of its own
        action = menu.addAction(f"{choice.host}\t{sharing_words.address_choice(choice)}")
        action.setCheckable(True)
        action.setChecked(choice.chosen)
        group.addAction(action)
        action.triggered.connect(lambda _checked=False, host=choice.host: choose(host))
    menu.addSeparator()
    likeliest = menu.addAction(tr("Let Cheeseboard choose"))
    likeliest.setEnabled(chosen_by_user)
    likeliest.triggered.connect(lambda _checked=False: choose(""))
    return menu


def address_news(before: Serving, now: Serving) -> bool | None:
    """Tell whether the network gave this computer another address while it is served there.

    Returns:
        None without news; else whether the setup lines sent before still lead here.
    """
    if not (before.lan and now.lan) or before.port != now.port or set(before.urls) <= set(now.urls):
        return None
    shown = before.urls[0]
    if shown not in now.urls:
        return False
    old, new = _first_number(before), _first_number(now)
    # Temporary IPv6 addresses come and go behind the one that is used.
    return True if old not in now.urls and new != old else None


def _first_number(serving: Serving) -> str:
    return next((url for url in serving.urls if _is_number(urlsplit(url).hostname or "")), "")


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
