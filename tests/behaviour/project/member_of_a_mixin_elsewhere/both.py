from rows import Rows
from worker import Worker


class Both(Worker, Rows):
    pass
