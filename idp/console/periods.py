"""How far back the lists of what happened look."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

PERIODS = {
    "hour": (_("Last hour"), timedelta(hours=1)),
    "day": (_("Last 24 hours"), timedelta(days=1)),
    "week": (_("Last 7 days"), timedelta(days=7)),
}
