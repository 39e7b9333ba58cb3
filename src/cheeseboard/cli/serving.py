"""``serve``: the repository without a window."""

import argparse
import shlex
import signal
import sys
import threading
from ipaddress import ip_address

from cheeseboard import wording
from cheeseboard.cli.command import EXIT_DONE, Command, Context
from cheeseboard.cli.lesson import lesson
from cheeseboard.events import Answered, AskedFor, Event, FileDownloaded, RequestsAnswered
from cheeseboard.server.state import Serving
from cheeseboard.service.served_addresses import upload_url_at


def _add_serve(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--lan", action="store_true", help="let other computers on the network in")
    where.add_argument(
        "--host",
        metavar="A",
        type=_address,
        action="append",
        default=[],
        help="bind just this IP address (may be repeated)",
    )
    parser.add_argument(
        "--port", metavar="N", type=_port, help="the port (default: the repository's, 8443 at first)"
    )
    parser.add_argument(
        "--upload-port",
        metavar="N|none",
        type=_upload_port,
        help="the second port, where twine's users are told why an upload is refused "
        "(default: the repository's, --port + 1000 at first; the next free one where that is taken)",
    )
    parser.add_argument(
        "--requests", action="store_true", help="say who asks for what, and whether it is here"
    )


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port (0 to 65535; 0 takes any free one)")
    return int(text)


def _upload_port(text: str) -> int:
    """Return the port; 0 for none."""
    if text == "none":
        return 0
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f'{text!r} is no port (1 to 65535, or "none")')
    return int(text)


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no IP address") from error


def _serve(context: Context) -> int:
    arguments, service = context.options.arguments, context.service
    stopped = threading.Event()
    before = {number: signal.signal(number, lambda *_: stopped.set()) for number in _ending_signals()}
    try:
        service.open()
        serving = service.sharing.serve(
            lan=arguments.lan,
            hosts=arguments.host,
            port=arguments.port,
            upload_port=arguments.upload_port,
        )
        _say_ready(context, serving, explain=getattr(arguments, "explain", False))
        if arguments.requests:
            _tell_requests(context)
        while not stopped.wait(1.0):
            pass  # on Windows an untimed wait would not see Ctrl-C
        service.sharing.stop_serving()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return EXIT_DONE


_WORDS = {
    Answered.HERE: "here",
    Answered.NOT_HERE: "not here",
    Answered.TURNED_AWAY: "turned away",
    Answered.UPLOAD_REFUSED: "upload refused",
}


def _tell_requests(context: Context) -> None:
    """Print from now on what is asked for, alike requests of a second together, and each download."""
    speaking = threading.Lock()  # events come on several threads

    def tell(event: Event) -> None:
        with speaking:
            if isinstance(event, FileDownloaded):
                _say_download(context, event)
            elif isinstance(event, RequestsAnswered):
                for kind in event.kinds:
                    _say_request(context, kind)

    context.service.bus.subscribe(tell)
    context.service.sharing.watch_requests(wanted=True)


def _say_download(context: Context, event: FileDownloaded) -> None:
    context.say(
        f"{event.address}  {event.installer or '-'}  {event.filename}  downloaded",
        "download",
        address=event.address,
        installer=event.installer,
        file=event.filename,
        python=event.python,
        system=event.system,
    )


def _say_request(context: Context, kind: AskedFor) -> None:
    times = f", {kind.count} times" if kind.count > 1 else ""
    name = kind.name or "the list of packages"
    context.say(
        f"{kind.address}  {kind.installer or '-'}  {name}  {_WORDS[kind.answered]}{times}",
        "request",
        address=kind.address,
        installer=kind.installer,
        name=kind.name,
        answered=kind.answered.value,
        count=kind.count,
    )


def _ending_signals() -> list[signal.Signals]:
    """Return what ends serving: Ctrl-C, a service manager, and a terminal that is closed."""
    ending = [signal.SIGINT, signal.SIGTERM]
    hang_up = getattr(signal, "SIGHUP", None)  # not on Windows
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:  # ignored: nohup
        ending.append(hang_up)
    return ending


def _say_ready(context: Context, serving: Serving, *, explain: bool) -> None:
    service = context.service
    url = serving.urls[0]
    upload_port = serving.upload_port
    if serving.upload_problem:
        sys.stderr.write(f"Note: {wording.without_upload_port(serving.upload_problem)}\n")
    context.say(
        f"Serving {service.folder} at {url}",
        "ready",
        url=url,
        upload_url=upload_url_at(url, None),
        twine_url=None if upload_port is None else upload_url_at(url, upload_port),
        ca=str(service.trust.ca_path),
        ca_sha256=service.trust.ca_sha256,
    )
    if explain and not context.options.json:
        command = ["pip", "install", "--extra-index-url", url, "--cert", str(service.clients.bundle_path())]
        context.out.write(f"Certificate authority: {service.trust.ca_path}\n")
        context.out.write(f"Install from here:     {shlex.join(command)} PACKAGE\n")
        context.out.write(f"Add packages:          copy wheels into {service.folder}\n")
        context.out.flush()


SERVE = Command(
    "serve without a window until Ctrl-C",
    _add_serve,
    _serve,
    lesson=lesson(
        "Serves the repository over HTTPS until Ctrl-C, on this computer alone unless told "
        "otherwise. It is ready when it prints its address. Packages that are copied into the "
        "folder meanwhile appear in the index within a second or two. Of a refused upload twine "
        "shows the status line alone: a second port, for uploads only, says there what is wrong. "
        "`cheeseboard use twine` leads this computer's twine to it; colleagues need it open in the "
        "firewall, or use the main port and `twine --verbose`.",
        ("serve --lan", "let colleagues on the network install from here"),
        ("serve --json --port 0", "for a script: any free port, told in the first line"),
        ("serve --requests", "and watch who asks for what"),
        ready="url upload_url twine_url ca ca_sha256",
        request="address installer name answered count",
        download="address installer file python system",
    ),
)
