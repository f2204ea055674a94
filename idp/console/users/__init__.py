"""People: the list, the pages about one person, and what administrators may do to an account."""
