"""The Simple API, as pure functions of a snapshot."""
