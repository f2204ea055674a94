"""
`make bench`: how fast an exchange is, beside the toolkit's client_credentials and an empty view.

    __main__.py    the run: warm up, rounds of all scenarios in turn, verdict
    scenarios.py   what is asked, and which answer is right
    answers.py     whether an answer is the right one
    issuer.py      a JWKS address for the keys of tests/keys.py
    servers.py     two servers, started alike, on databases of their own
    databases.py   those databases, fresh and thrown away
    toolkit/       django-oauth-toolkit as it comes, with a fast secret hash
    load.py        the load generator, a process of its own
    processor.py   how much processor time a server took
    report.py      medians and ratios
"""
