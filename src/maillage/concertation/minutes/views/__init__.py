"""Pages of the room and of the minutes."""
