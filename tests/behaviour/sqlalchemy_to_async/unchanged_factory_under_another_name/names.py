from storing import make as opened

__all__ = ["opened"]
