"""Who works with whom, as members say it of their own organisation."""
