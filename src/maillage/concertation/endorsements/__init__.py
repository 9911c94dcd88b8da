"""What elected councils and boards say of a decision: resolutions, delegates’ mandates."""
