"""Commands of `manage.py`: thin callers."""
