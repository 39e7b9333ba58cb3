"""How the window looks: theme, style, icons, and the small widgets that all else is made of."""
