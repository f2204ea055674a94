"""The registry of scopes: what they mean, and which need a role."""
