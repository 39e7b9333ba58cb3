"""Work beside the Qt thread: jobs, the one crossing for events, and what can be undone."""
