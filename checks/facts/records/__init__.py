"""Records: which ones a function reads or changes, whose they are, and whether anybody asks."""
