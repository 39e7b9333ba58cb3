"""The user's root store on Windows: Edge, Chrome, PowerShell, and Python's default context."""

from cheeseboard.tls.store import Store, Trusted

# Windows' own, not the program of NSS that has the same name.
_CERTUTIL = "certutil.exe"


def find(certificate: Trusted) -> tuple[Store, ...]:
    """Return the store; Windows asks the user before it takes an authority in."""
    return (
        Store(
            name="windows-user",
            label="This user's certificates",
            needs_administrator=False,
            install=((_CERTUTIL, "-user", "-addstore", "Root", str(certificate.path)),),
            uninstall=((_CERTUTIL, "-user", "-delstore", "Root", certificate.sha1),),
            look=(_CERTUTIL, "-user", "-store", "Root", certificate.sha1),
            expected=certificate.sha1,
        ),
    )
