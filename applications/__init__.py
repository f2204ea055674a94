"""OAuth clients: what each may ask for, and how it proves that it is itself."""
