"""An envelope, or seats, shared between territories."""
