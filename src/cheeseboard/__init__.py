"""Cheeseboard turns a folder of Python packages into a private package repository.

One file's journey, in the order in which the rooms stand:

- ``distributions``: one file, understood. Name, version, tags, core metadata, hashes; is it safe?
- ``repository``: the managed folder. Placed atomically, recorded, watched, undoable.
- ``index``: the Simple API, as pure functions of a snapshot.
- ``server``: HTTPS to installers, browsers and uploaders.
- ``clients``: pip.conf and its kin; written, proven, undone.

``tls`` holds the local certificate authority, beside the server. ``service`` owns and joins all
stations. ``desktop`` and ``cli`` are two faces on the service.
"""

__version__ = "0.1.0"
