from .memory import Memory
from .slow import Slow
