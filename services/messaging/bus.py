"""The bus as a service class names it."""

from services.messaging.provided import Bus, Provided

__all__ = ["Bus", "Provided"]
