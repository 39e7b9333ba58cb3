"""Caps and deadlines: who asks too often, or takes too much."""
