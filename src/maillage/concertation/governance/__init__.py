"""How spaces fit together and keep their word: seats and holders, organigram, charter, conditions, obstacles."""
