"""How the window keeps a repository in order: every file checked, old releases out, backups, moving here."""
