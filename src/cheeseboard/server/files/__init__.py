"""Pages and files on their way out: what is kept ready, conditions, ranges, sending."""
