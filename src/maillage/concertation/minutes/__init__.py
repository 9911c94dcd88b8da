"""In the room and after: attendance, notes that are never lost, minutes, their amendments and approval."""
