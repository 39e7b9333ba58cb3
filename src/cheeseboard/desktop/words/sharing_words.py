"""What the window says about sharing: addresses, who may read and publish, what colleagues paste."""

from typing import assert_never

from cheeseboard.desktop.words.translate import tr
from cheeseboard.server.access.tokens import TokenScope
from cheeseboard.server.addresses import InterfaceKind
from cheeseboard.service.served_addresses import AddressChoice


def address_choice(choice: AddressChoice) -> str:
    """Say in plain words where an address leads."""
    match choice.kind:
        case None if choice.host.endswith(".local"):
            return tr("this computer’s name on the network")
        case None:
            return tr("this computer’s name")
        case InterfaceKind.PHYSICAL if choice.wireless:
            words = tr("Wi-Fi")
        case InterfaceKind.PHYSICAL:
            words = tr("network")
        case InterfaceKind.OTHER:
            words = tr("virtual network")
        case InterfaceKind.VPN:
            words = tr("VPN: only for those on it")
        case InterfaceKind.CONTAINER:
            words = tr("containers on this computer")
        case _:
            assert_never(choice.kind)
    return tr("{what} ({interface})", what=words, interface=choice.label)


def address_changed(*, still_works: bool) -> str:
    """Words 10, and what is to be done when the old address is gone."""
    if still_works:
        return tr("Your network address changed. Setup lines you already sent still work.")
    return tr("Your network address changed. Setup lines you already sent name the old one.")


def who_can_download(*, private: bool) -> str:
    """Say what serving on the network means (words 8)."""
    if private:
        return tr("Only those to whom you gave a token can download packages. Connections are encrypted.")
    return tr("Anyone on this network can download these packages. Publishing needs a token, always.")


def join_means(*, private: bool) -> str:
    """Say what the setup line does on a colleague's computer."""
    words = tr("It shows what it will change, writes it, proves that it works and says how to undo it.")
    asks = tr("Reading needs a token, so it asks for theirs.")
    return f"{words} {asks}" if private else words


def one_install_means(*, private: bool) -> str:
    """Say what one install without configuration trusts and asks."""
    words = tr(
        "The first line compares the certificate with its fingerprint and writes {file}; the second trusts "
        "that file for this install. pip also asks the public index: the higher version wins.",
        file="cheeseboard-ca.pem",
    )
    asks = tr("Reading needs a token: pip asks for the user, __token__, and the password, the token.")
    return f"{words} {asks}" if private else words


def setup_line_copied() -> str:
    """Words 11."""
    return tr(
        "Setup line copied. It includes the certificate fingerprint, so nobody can swap the certificate on "
        "the way."
    )


def token_scope(scope: TokenScope) -> str:
    """Say what a token is for."""
    match scope:
        case TokenScope.READ:
            return tr("read")
        case TokenScope.PUBLISH:
            return tr("publish and read")
        case _:
            assert_never(scope)


def lifetime(days: int | None) -> str:
    """Say how long a token is good."""
    if days is None:
        return tr("Never")
    return tr("In a year") if days == 365 else tr("In {n} days", n=days)


def reading_rule(*, private: bool) -> str:
    """Say who may read from now on."""
    if private:
        return tr(
            "Reading needs a token now. Installers that look here already need to be told again, with theirs."
        )
    return tr("Anybody who reaches this repository may read it again.")
