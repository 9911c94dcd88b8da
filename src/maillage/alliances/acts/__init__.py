"""What was done in the members' name, told to everyone, and the appeal against it."""
