"""
The life of a link after it is made: its owner's word, who used it, and whom that is told.

objection.py  whether the owner lets an application use a link now; asked for every token
owner.py      pause, resume, limit, unlink, allow again: only ever called for the owner
uses.py       which application used a link, first and last
notices.py    what its owner is told by e-mail, written with what it tells of
outbox.py     sends that, later and elsewhere: no exchange waits for a mail server
"""
