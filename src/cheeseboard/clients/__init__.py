"""Installers' configuration: written, proven, undone."""
