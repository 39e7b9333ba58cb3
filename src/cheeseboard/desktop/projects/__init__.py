"""The table of projects, and the panel of the selected one."""
