"""Pages of the room: thin functions, each refused by its rule before it runs."""
