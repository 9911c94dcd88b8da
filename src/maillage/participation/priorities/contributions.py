"""What this part gives to the others: the kind of step « priorities »."""
