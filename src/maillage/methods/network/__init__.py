"""Who works with whom: the reading of a network."""
