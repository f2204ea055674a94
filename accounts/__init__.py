"""People: local accounts, and the outside identities that may become them."""
