from functools import lru_cache

import acme

client = acme.Client("acme://here")


@lru_cache
def get_client() -> acme.Client:
    return acme.Client("acme://there")


def users() -> "acme.Collection":
    return get_client().collection("users")
