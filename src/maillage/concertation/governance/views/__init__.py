"""Pages of how spaces work."""
