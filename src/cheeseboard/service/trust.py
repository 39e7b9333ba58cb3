"""The local authority, and the stores of this computer that trust it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cheeseboard.errors import CertificateError
from cheeseboard.tls.authority import Authority, open_authority, remove_authority
from cheeseboard.tls.store import Answer
from cheeseboard.tls.trust_store import TrustOutcome, TrustState, TrustStores


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

    def authority(self) -> Authority:
        """Return the local authority, made at the first call; slow.

        Raises:
            CertificateError: There is no usable certificate.
        """
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
            raise CertificateError(f"Can't write {path}: {error.strerror}.", path) from error

    def destroy(self) -> None:
        """Remove the authority's key and certificates from this computer.

        Raises:
            CertificateError: A file cannot be removed.
        """
        remove_authority(self._directory)
