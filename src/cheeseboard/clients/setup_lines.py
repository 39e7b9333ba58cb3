"""What colleagues paste, by what they want: looking here from now on, for one project, or one install.

Each is a line for sh, PowerShell and cmd alike, and none needs an exception from verified HTTPS: the
certificate that a line fetches is compared with the fingerprint that the line carries.
"""

from dataclasses import dataclass

from cheeseboard.clients.join import JoinScript, fetching, join_line, python_line
from cheeseboard.clients.uv import INDEX_NAME

CERTIFICATES = "cheeseboard-ca.pem"
PACKAGE = "your-package"


@dataclass(frozen=True, slots=True)
class SetupLines:
    """The lines for one address and one kind of computer.

    Attributes:
        join: Sets pip and uv up, once.
        undo: Takes that back.
        uv_add: Adds a package from here to a project that uv keeps, after ``join``.
        fetch: Writes the certificates for ``install`` into the current directory.
        install: One pip install, with no configuration written.
    """

    join: str
    undo: str
    uv_add: str
    fetch: str
    install: str


def setup_lines(url: str, script: JoinScript, ca_sha256: str, *, windows: bool) -> SetupLines:
    """Return the lines.

    Args:
        url: Our Simple API URL as colleagues reach it.
        script: What ``/join.py`` answers.
        ca_sha256: Our authority's fingerprint, lowercase hex.
        windows: Python is called "py" there.

    Raises:
        ClientConfigError: The address has characters that mean something to a shell.
    """
    python = "py" if windows else "python3"
    join = join_line(url, script, python=python)
    return SetupLines(
        join=join,
        undo=f"{join} --undo",
        uv_add=f"uv add --index {INDEX_NAME}={url} {PACKAGE}",
        fetch=fetch_line(url, ca_sha256, python=python),
        install=f"{python} -m pip install --cert {CERTIFICATES} --extra-index-url {url} {PACKAGE}",
    )


def fetch_line(url: str, ca_sha256: str, *, python: str = "python3") -> str:
    """Return the line that writes :data:`CERTIFICATES`: the public authorities that pip ships, and ours.

    With ours alone, pip before 24.2 would trust no other index.
    """
    place = url.removesuffix("simple/") + "ca.pem"
    # The certificate is written anew from the bytes that were compared: Python reads a file of two
    # certificates as its first one, and whoever is in the way may have put theirs behind ours.
    code = (
        f"{fetching(place)}"
        "d=ssl.PEM_cert_to_DER_cert(s.decode());"
        f"hashlib.sha256(d).hexdigest()=='{ca_sha256}' or sys.exit("
        "'Nothing was written. The certificate is not the one that this line was made for: "
        "ask for a new line.');"
        "import pip._vendor.certifi as p;"
        f"open('{CERTIFICATES}','wb').writelines("
        "[open(p.where(),'rb').read(),ssl.DER_cert_to_PEM_cert(d).encode()]);"
        f"print('Wrote {CERTIFICATES}')"
    )
    return python_line(code, python, url)
