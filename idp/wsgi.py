"""The WSGI application that `manage.py serve` runs."""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys

from django.apps import apps
from django.core.wsgi import get_wsgi_application

PR_SET_PDEATHSIG = 1  # linux/prctl.h

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "idp.settings")
application = get_wsgi_application()

# The settings have been read. Servers copy the environment into every request, from where the
# secrets in it could find their way into a report of an error.
for name in [name for name in os.environ if name.startswith("AGIO_")]:
    del os.environ[name]

if multiprocessing.parent_process():  # a worker of `serve`
    if apps.is_installed("idp"):  # `make bench` serves the toolkit alike, without our apps
        from idp.links import outbox

        outbox.start()
    # Ctrl-C reaches the parent too, which then sends SIGTERM; Granian hangs when it gets both.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    # A parent that is killed cannot tell us to stop; Linux does.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

# What is there by now stays: each full collection would look through all of it. Without them a
# worker serves 1.3 to 1.6 times as many requests (make bench).
gc.collect()
gc.freeze()
