"""Source trees built into wheels and sdists, when the user says so: where a file's journey may begin."""
