"""
Connections: the list, the wizard that makes one, and its tabs.

views.py      the list, and where a new connection begins
figures.py    what the list says of each connection besides its columns
forms.py      General and Signing keys: a step of the wizard and a tab are the same form
typed.py      what was typed, without private keys, and with the certificates of a file
drafts.py     what was typed so far, kept for the administrator who typed it
steps.py      the steps of the wizard, and which of them is not done
wizard.py     General → Signing keys → Review → a connection
tools.py      read metadata, test a JWKS URL, read certificates: with htmx, or as part of a form
general.py keys.py advanced.py sign_in.py danger.py   the tabs
matching.py   whom a pasted token would match
"""
