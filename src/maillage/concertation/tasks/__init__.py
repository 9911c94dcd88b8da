"""Who does what by when, wherever it was decided."""
