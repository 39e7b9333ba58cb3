"""Files on their way in and out: drops, what became of them, removal, decisions."""
