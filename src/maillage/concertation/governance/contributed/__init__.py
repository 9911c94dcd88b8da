"""One module for each kind of contribution."""
