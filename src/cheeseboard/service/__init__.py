"""What both faces hold: the one place that composes, owns and joins every station of the journey.

``Service`` has the managed folder; its parts have the rest, each joining what it needs:
``sharing`` (repository, server, certificates), ``trust`` (the authority, and who trusts it),
``access`` (who may read and write),
``clients`` (this computer's installers), ``builds`` (source trees made into wheels and sdists), ``upkeep``
(retention, integrity, backup, moving here) and ``last_act`` (what a command's undo takes back).
"""

from cheeseboard.service.repositories import KnownRepository
from cheeseboard.service.service import Service

__all__ = ["KnownRepository", "Service"]
