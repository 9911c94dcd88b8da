"""What this part gives to the others, one file for each kind of thing."""
