from functools import partial

from store import load as fetch

again = fetch
double = partial(fetch, by=2)
