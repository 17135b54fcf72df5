from .api import Api
from .errors import NotFound
