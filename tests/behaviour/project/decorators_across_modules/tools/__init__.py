from .timing import counted as count, retry

__all__ = ["count", "retry"]
