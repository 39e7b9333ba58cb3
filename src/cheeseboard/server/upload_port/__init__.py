"""A port for uploads alone, whose answers carry our sentence in their status line: twine shows no more."""
