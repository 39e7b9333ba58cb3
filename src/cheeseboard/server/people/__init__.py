"""Pages for people: projects, READMEs, wheels in plain words."""
