import time

import tools
from tools import count
from tools.timing import Policy


@count
@tools.retry(Policy(2))
def first(x):
    time.sleep(0.001)
    if x > 5:
        raise ValueError(x)
    return x


@tools.count
def second(x):
    return first(x)
