"""The applications that call us, what they may ask for, and how they proved who they are."""

from applications.models.application import Application
from applications.models.client_keys import ClientKeySet, SpentAssertion
from applications.models.scope import Scope

__all__ = ["Application", "ClientKeySet", "Scope", "SpentAssertion"]
