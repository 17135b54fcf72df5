from ._impl import Client, connection as client
from .api import order

__all__ = ["Client", "client", "order"]
