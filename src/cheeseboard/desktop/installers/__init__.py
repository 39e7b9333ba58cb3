"""This computer's installers: the sheet that tells pip and uv of the repository."""
