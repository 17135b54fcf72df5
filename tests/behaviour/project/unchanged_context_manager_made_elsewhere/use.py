def factory(make):
    with make("made") as held:
        print(held.name)
        raise ValueError


def each(leases):
    for lease in leases:
        with lease:
            raise KeyError
