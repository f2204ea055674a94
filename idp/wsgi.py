"""The WSGI application that `manage.py serve` runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "idp.settings")
application = get_wsgi_application()

# The settings have been read. Servers copy the environment into every request, from where the
# secrets in it could find their way into a report of an error.
for name in [name for name in os.environ if name.startswith("AGIO_")]:
    del os.environ[name]
