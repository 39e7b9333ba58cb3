"""How the window tells and asks: notices, progress, dialogs, notifications."""
