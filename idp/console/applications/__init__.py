"""
The pages about applications.

views.py     all of them as a list; one of them: name, client ID, secrets
create.py    a new one
secrets.py   a client secret is made and shown once; the former one is revoked
protocol.py  grants, client authentication, keys, tokens
exchange.py  connections, targets, scopes
snippets.py  the request, to be copied: curl, Python, HTTPie
attributes.py  what tokens say of people
preview.py   what the next token would say
danger.py    disable, enable, delete
find.py      the row behind a page
forms.py     what the forms have in common, and the smaller ones
"""
