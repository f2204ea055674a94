"""django-oauth-toolkit as it comes: its view, validator and models, with our server around."""
