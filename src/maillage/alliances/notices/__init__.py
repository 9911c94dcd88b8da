"""What people are told by e-mail: each kind at once, once a week, or never, as each person chose."""
