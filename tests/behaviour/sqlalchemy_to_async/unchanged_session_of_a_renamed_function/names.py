from storing import add as store

__all__ = ["store"]
