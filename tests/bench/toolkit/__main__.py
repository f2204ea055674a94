"""Serve the toolkit with the command that serves Agio, whose app is not installed here."""

import sys

import django
from django.core.management import call_command

from idp.management.commands import serve

django.setup()
call_command(serve.Command(), *sys.argv[1:])
