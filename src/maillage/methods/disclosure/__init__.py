"""Tables published without telling about anyone."""
