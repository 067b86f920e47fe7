"""Source → Article: sources/ read a source, annotations/ find its readings, article/ finds what belongs to it."""
