"""Who may do what in this part."""
