"""Tests of `manage.py apply`: docs/apply.md."""
