"""Tests of the applications app."""
