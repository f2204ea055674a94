"""
How people prove who they are: django-allauth behind pages, limits and words of our own.

adapters.py       what allauth asks us: whom may it sign in, how are secrets kept, who are we
password.py       sign in by username or verified e-mail address, and a password
second_factor.py  then a code, or a passkey; and passkeys alone
events.py         what changes about somebody's factors is in the audit log
"""
