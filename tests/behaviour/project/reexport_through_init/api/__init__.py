from ._client import *
from ._core import fetch as fetch_user

VERSION = "1"
