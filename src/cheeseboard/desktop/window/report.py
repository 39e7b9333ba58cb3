"""Gathers what the diagnostics page shows of this window's service, this computer and its user."""

import getpass
import os
import platform
from pathlib import Path

from cheeseboard.service import Service
from cheeseboard.service.diagnostics import Facts, Person, make_report


def report_on(service: Service, logs: Path) -> str:
    """Return the report; for a worker, since it reads the logs."""
    facts = Facts(
        settings=service.settings,
        folder=service.folder,
        folder_problem=service.folder_problem,
        snapshot=service.snapshot,
        foreign_reasons=[str(one.refusal.reason) for one in service.foreign_files],
        server_state=service.sharing.server_state,
        client_states=service.clients.states(),
        environ=os.environ,
        log=logs / "cheeseboard.log",
        last_crash=logs / "last-crash.log",
    )
    return make_report(facts, Person(Path.home(), getpass.getuser(), platform.node()))
