"""Who works with whom: the drawing, its reading in words, its files."""
