"""The whole window: its parts in their places, the core's news told to them, what the user does passed on."""
