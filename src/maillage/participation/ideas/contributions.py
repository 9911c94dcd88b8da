"""What this part gives to the others, the words of its acts included."""
