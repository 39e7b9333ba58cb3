"""A real Chromium, headless, driven over its debugging pipe: what a person sees, and what it asks for."""

import base64
import hashlib
import json
import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Told = dict[str, Any]
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


@dataclass
class Browser:
    """One page of a running Chromium.

    Attributes:
        asked: Every URL that it asked for.
        complaints: What its console told.
    """

    to: int
    from_: int
    session: str = ""
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    _read: bytes = b""
    _number: int = 0
    _events: list[Told] = field(default_factory=list)

    def open_page(self) -> None:
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def show(self, url: str, *, width: int, height: int, dark: bool) -> None:
        """Load a page in a window of that size."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self._events.clear()
        self.call("Page.navigate", url=url)
        while not any(event["method"] == "Page.loadEventFired" for event in self._events):
            self._take()

    def evaluate(self, expression: str) -> Any:
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def screenshot(self, path: Path) -> None:
        """Write the whole page as a PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def call(self, method: str, **parameters: Any) -> Told:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            told = self._take()
            if told.get("id") == self._number:
                assert "error" not in told, told
                return dict(told["result"])

    def _take(self) -> Told:
        while b"\0" not in self._read:
            ready, _, _ = select.select([self.from_], [], [], 30)
            assert ready, "Chromium does not answer"
            piece = os.read(self.from_, 1 << 20)
            assert piece, "Chromium has ended"
            self._read += piece
        message, _, self._read = self._read.partition(b"\0")
        told: Told = json.loads(message)
        self._note(told)
        return told

    def _note(self, told: Told) -> None:
        method = told.get("method")
        if method is None:
            return
        self._events.append(told)
        if method == "Network.requestWillBeSent":
            self.asked.append(told["params"]["request"]["url"])
        elif method in {"Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"}:
            self.complaints.append(json.dumps(told["params"]))


def public_key_pin(chain: Path) -> str:
    """Return by which Chromium is told to accept this very certificate, and no other."""
    leaf = x509.load_pem_x509_certificates(chain.read_bytes())[0]
    spki = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(spki).digest()).decode()


@contextmanager
def run_chromium(program: str, profile: Path, pin: str) -> Iterator[Browser]:
    """Run Chromium with an empty profile; it is ended afterwards."""
    from_us, to_us = os.pipe(), os.pipe()

    # Chromium talks on descriptors 3 and 4.
    shell = 'exec "$0" "$@" 3<&"$IN" 4>&"$OUT"'
    command = [
        program,
        *_QUIET,
        "--remote-debugging-pipe",
        f"--user-data-dir={profile}",
        f"--ignore-certificate-errors-spki-list={pin}",
    ]
    process = subprocess.Popen(
        ["bash", "-c", shell, *command],
        env={**os.environ, "IN": str(from_us[0]), "OUT": str(to_us[1])},
        pass_fds=(from_us[0], to_us[1]),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(from_us[0])
    os.close(to_us[1])
    browser = Browser(from_us[1], to_us[0])
    try:
        browser.open_page()
        yield browser
        browser.session = ""
        browser.call("Browser.close")
    finally:
        os.close(from_us[1])
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(to_us[0])
