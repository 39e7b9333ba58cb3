"""Uploads: the form as it streams in, and what becomes of it."""
