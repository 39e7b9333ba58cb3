"""The local authority, and the stores of this computer that trust it.

What makes certificates is imported when one is wanted: it takes a while, and most commands want none.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cheeseboard.errors import CertificateError, Sentence
from cheeseboard.private_file import private_directory, read_private, write_private
from cheeseboard.tls.store import Answer
from cheeseboard.tls.trust_store import TrustOutcome, TrustState, TrustStores

if TYPE_CHECKING:
    from cheeseboard.tls.authority import Authority


class Trust:
    """One user's certificate authority."""

    def __init__(
        self,
        directory: Path,
        environ: Mapping[str, str],
        *,
        run_command: Callable[[Sequence[str]], Answer],
        computer_name: Callable[[], str],
        clock: Callable[[], datetime],
    ) -> None:
        """Make nothing yet.

        Args:
            directory: Where keys and certificates lie.
            environ: The user's environment.
            run_command: Runs what changes trust stores.
            computer_name: Tells this computer's name.
            clock: Tells the time to certificates.
        """
        self._directory = directory
        self._stores = TrustStores(environ, run_command)
        self._computer_name = computer_name
        self._clock = clock

    @property
    def made(self) -> bool:
        """Whether there is an authority already, usable or not."""
        return self._directory.is_dir() and any(self._directory.iterdir())

    @property
    def ca_path(self) -> Path:
        """Where the local authority's certificate lies; slow at first: it may have to be made.

        Raises:
            CertificateError: There is no usable certificate.
        """
        return self.authority().certificate_path

    @property
    def ca_sha256(self) -> str:
        """The local authority's fingerprint, lowercase hex; slow at first.

        Raises:
            CertificateError: There is no usable certificate.
        """
        return self.authority().sha256

    def authority(self) -> "Authority":
        """Return the local authority, made at the first call; slow.

        Raises:
            CertificateError: There is no usable certificate.
        """
        from cheeseboard.tls.authority import open_authority  # noqa: PLC0415  # see above

        names = [self._computer_name()]
        return open_authority(self._directory, now=self._clock(), host_names=names)

    def states(self) -> tuple[TrustState, ...]:
        """Return the stores of this computer and whether they trust our authority; slow.

        Raises:
            CertificateError: There is no usable certificate.
        """
        return self._stores.states(self.authority())

    def install(self, names: Sequence[str] = ()) -> tuple[TrustOutcome, ...]:
        """Let stores trust our authority; slow, may ask for an administrator's password.

        Args:
            names: Which, as in :meth:`states`; none for all.

        Raises:
            CertificateError: There is no usable certificate.
        """
        return self._stores.install(self.authority(), names)

    def uninstall(self, names: Sequence[str] = ()) -> tuple[TrustOutcome, ...]:
        """Take our authority out of stores; slow, arguments and errors as for :meth:`install`."""
        return self._stores.uninstall(self.authority(), names)

    def export(self, path: Path) -> None:
        """Write the authority's certificate, PEM, for somebody who shall trust it.

        Raises:
            CertificateError: There is none, or it cannot be written.
        """
        pem = self.authority().certificate_pem
        try:
            path.write_bytes(pem)
        except OSError as error:
            raise CertificateError(
                Sentence("Can't write {path}: {cause}.", path=path, cause=error.strerror), path
            ) from error

    def key_files(self) -> dict[str, bytes]:
        """Return the authority's key and certificate by their files' names, for a backup; slow.

        Raises:
            CertificateError: There are none yet, or they can't be read.
        """
        from cheeseboard.tls.authority import CERTIFICATE, KEY  # noqa: PLC0415  # see above

        files = {
            name: read_private(self._directory / name, CertificateError, secret=name == KEY)
            for name in (CERTIFICATE, KEY)
        }
        there = {name: content for name, content in files.items() if content is not None}
        if len(there) < len(files):
            raise CertificateError(Sentence("There is no certificate authority yet that could be backed up."))
        return there

    def check_none(self) -> None:
        """Make sure that there is no authority that another would have to replace.

        Raises:
            CertificateError: There is one.
        """
        from cheeseboard.tls.authority import KEY  # noqa: PLC0415  # see above

        if (self._directory / KEY).exists():
            raise CertificateError(
                Sentence(
                    "This computer has a certificate authority already, which is not replaced. "
                    "Restore without the authority, or remove this one first (cheeseboard "
                    "trust remove)."
                ),
                self._directory,
            )

    def adopt(self, files: Mapping[str, bytes], source: Path) -> None:
        """Take over an authority that :meth:`key_files` gave on another computer; slow.

        Args:
            files: Its key and certificate.
            source: The backup that they come from.

        Raises:
            CertificateError: They are not all there, belong to no usable authority or can't be written.
        """
        from cheeseboard.tls.authority import CERTIFICATE, KEY, open_authority  # noqa: PLC0415  # see above

        if set(files) != {CERTIFICATE, KEY}:
            raise CertificateError(
                Sentence(
                    "The packages are restored, but {source} holds no certificate authority.", source=source
                ),
                source,
            )
        private_directory(self._directory, CertificateError)
        for name, content in files.items():
            write_private(self._directory / name, content, CertificateError)
        try:
            open_authority(self._directory, now=self._clock(), host_names=[])
        except CertificateError:
            for name in files:
                (self._directory / name).unlink(missing_ok=True)
            raise

    def destroy(self) -> None:
        """Remove the authority's key and certificates from this computer.

        Raises:
            CertificateError: A file cannot be removed.
        """
        from cheeseboard.tls.authority import remove_authority  # noqa: PLC0415  # see above

        remove_authority(self._directory)
