"""The local certificate authority, beside the server."""
