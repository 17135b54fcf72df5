from res import Lease


def swallow(lease: Lease):
    with lease as held:
        print(held.name)
        raise ValueError
