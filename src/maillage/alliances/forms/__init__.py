"""Forms check what was typed; services decide what it means."""
