"""Which outside identities may become me, and my say over them."""
