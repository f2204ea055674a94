"""The applications that call us, and what is remembered of how they prove who they are."""

from applications.models.application import Application
from applications.models.client_keys import ClientKeySet, SpentAssertion

__all__ = ["Application", "ClientKeySet", "SpentAssertion"]
