"""Who is missing from the table, against what the alliance said it wants; and who reaches out to them."""
