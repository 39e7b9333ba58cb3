"""A dropped source tree: the question, the build, its log."""
