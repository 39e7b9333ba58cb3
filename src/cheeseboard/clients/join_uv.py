"""What joining does to a colleague's uv: a named index, asked only for what is wanted from it.

uv fails on an index that does not answer, whatever it was looking for; nobody can take the entry out of
a colleague's file while our server is off. So it is explicit: used when asked for by ``--index``, and
harmless when offline. uv.toml can't name certificates; only SSL_CERT_FILE or the system's store can.

join.py sends this file to Python 3.8 and newer: standard library only.
"""

from __future__ import annotations

import os
import re
import shutil
import ssl
import sys
import tempfile
from pathlib import Path

from cheeseboard.clients.join_files import (
    CERTIFICATE,
    FACTS,
    SYSTEM_STORES,
    Refused,
    Step,
    Written,
    bundle_of,
    decoded,
    encoded,
    missing,
    public_certificates,
    quoted,
    read,
    run,
    say,
)
from cheeseboard.clients.uv_toml import (
    NAMED_INDEXES_SINCE,
    added,
    certificates_setting,
    free_name,
    has_certificates_setting,
    has_url,
    user_config,
    version_numbers,
    without,
)

WISHED_NAME = "cheeseboard"


def plan_uv(url: str, kept: Path, written: Written | None, shipped: str, *, always: bool) -> Step | None:
    """Return what would change for uv; None when there is none.

    Args:
        url: The Simple API URL.
        kept: Where our certificates are kept.
        written: What an earlier line wrote.
        shipped: pip's file of public authorities; empty when there is none.
        always: Ask here for everything, at the price of failing while the server is off.

    Raises:
        Refused: It can't be changed, and why.
    """
    program = shutil.which("uv")
    if program is None:
        return None
    match = re.match(r"uv (\S+)", run([program, "--version"]).stdout)
    version = match[1] if match else ""
    if version_numbers(version) < NAMED_INDEXES_SINCE:
        raise Refused(f"{program} is too old ({version or 'it tells no version'}). Update it: uv self update")
    path = user_config(os.environ, Path.home(), sys.platform)
    former = written if written and written.path == path else None
    before = without_uv(former, read(path)) if former else read(path)
    trusted = system_trusts()
    after, name = uv_edited(path, before, url, version, trusted=trusted, always=always)
    refusal = uv_refusal(program, after)
    if refusal:
        raise Refused(f"uv does not accept {path} with the change: {refusal}")
    bundle = None if trusted else kept / "uv-certificates.pem"
    notes = [f"Install from here: uv add --index {name}={url} PACKAGE"]
    if bundle is not None:
        how = "setx SSL_CERT_FILE" if os.name == "nt" else "export SSL_CERT_FILE="
        line = f"{how} {quoted(str(bundle))}" if os.name == "nt" else how + quoted(str(bundle))
        notes.append(f"uv.toml can't name certificates, so uv needs this line in your shell: {line}")
    notes += [
        f"{variable} is set, so uv does not read {path}: unset it."
        for variable in ("UV_CONFIG_FILE", "UV_NO_CONFIG")
        if os.environ.get(variable)
    ]
    made = former.made if former else tuple(missing(path.resolve().parent))
    certificates = uv_bundle(shipped) if bundle else b""
    return Step(
        "uv", f"uv {version}", (program,), path, before, after, made, bundle, certificates, tuple(notes)
    )


def uv_edited(
    path: Path, before: bytes | None, url: str, version: str, *, trusted: bool, always: bool
) -> tuple[bytes, str]:
    """Return the file's bytes with our index in it, and what that is called there."""
    try:
        text = (before or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{path} is not UTF-8.") from error
    name = free_name(text, WISHED_NAME)
    setting = certificates_setting(version) if trusted and not has_certificates_setting(text) else ""
    publish = url[: -len("simple/")] + "legacy/"
    index = ["[[index]]", f'name = "{name}"', f'url = "{url}"', f'publish-url = "{publish}"']
    index += [] if always else ["explicit = true"]
    return encoded(added(text, setting=setting, index=[] if has_url(text, url) else index)), name


def without_uv(written: Written, current: bytes | None) -> bytes | None:
    """Return a file's bytes without what an earlier line wrote, with what was edited since."""
    before, after = written.before, written.after
    if current is None or current in (before, after):
        return current if current is None else before
    text = without(decoded(current), decoded(before), decoded(after), written.url)
    return None if before is None and not text.strip() else encoded(text)


def uv_refusal(program: str, content: bytes) -> str:
    """Let the real uv read what would be written; return what it says against it, or nothing."""
    with tempfile.TemporaryDirectory(prefix="cheeseboard-join-") as place:
        candidate = Path(place) / "uv.toml"
        candidate.write_bytes(content)
        answer = run([program, "--config-file", str(candidate), "cache", "dir"], UV_NO_CONFIG="false")
        said = answer.stderr.replace(str(candidate), "uv.toml")
    return "" if answer.returncode == 0 else " ".join(said.split())[:300] or "it did not say why."


# --- certificates ------------------------------------------------------------------------------------


def system_trusts() -> bool:
    """Return whether the system's own store holds our authority, which uv can be told to use."""
    ours = CERTIFICATE.findall(FACTS["ca"].encode())
    stores = (read(Path(place)) or b"" for place in SYSTEM_STORES)
    if any(set(ours) <= set(CERTIFICATE.findall(store.replace(b"\r\n", b"\n"))) for store in stores):
        return True
    if os.name != "nt":
        return False
    known = ssl.create_default_context().get_ca_certs(binary_form=True)
    return ssl.PEM_cert_to_DER_cert(FACTS["ca"]) in known


def uv_bundle(shipped: str) -> bytes:
    """Return what SSL_CERT_FILE has to name: it replaces all that uv trusts, so all of that is in it."""
    named = os.environ.get("SSL_CERT_FILE", "")
    trusted = read(Path(named)) if named else None
    sources = [trusted] if trusted and CERTIFICATE.search(trusted) else public_certificates(shipped)
    if not any(CERTIFICATE.search(source) for source in sources):
        raise Refused("The public certificates that uv would need besides ours were not found.")
    return bundle_of(sources)


# --- proof -------------------------------------------------------------------------------------------


def prove_uv(step: Step, url: str) -> None:
    """Let uv ask the repository, trusting what it will trust, and tell what came of it."""
    settings = {"UV_HTTP_RETRIES": "0", "UV_PYTHON_DOWNLOADS": "never", "NO_COLOR": "1"}
    if step.bundle is not None:
        settings["SSL_CERT_FILE"] = str(step.bundle)
    with tempfile.TemporaryDirectory(prefix="cheeseboard-join-") as place:
        if not credentials_directory().exists():
            settings["UV_CREDENTIALS_DIR"] = place  # uv would make it, and nothing may stay behind
        requirements = Path(place) / "requirements.in"
        requirements.write_text("cheeseboard-probe\n", "ascii")
        words = ["pip", "compile", "--no-cache", "--no-deps", "--python", sys.executable]
        answer = run([*step.command, *words, "--default-index", url, str(requirements)], **settings)
    said = answer.stdout + answer.stderr
    if re.search(r"not\s+found\s+in\s+the\s+package\s+registry", said) or answer.returncode == 0:
        say("Proven: uv reached it over verified HTTPS.")
        return
    say("uv.toml is written, but uv does not reach it yet. uv says:\n" + said[-600:], error=True)


def credentials_directory() -> Path:
    """Return where uv keeps the passwords that it was told, on systems that have such a place."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "uv" / "credentials"
