"""The desktop around the window: tray, second starts, the last crash."""
