"""
Recorded exchange attempts.

views.py    the list, and the page of an attempt, where error_uri leads
filters.py  what the list can be narrowed to
answer.py   what the client was told: status and body
checks.py   every check of an attempt: how it went, and what to do
remedies.py where in the console the cause is mended
"""
