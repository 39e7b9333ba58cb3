"""HTTPS to installers, browsers and uploaders."""
