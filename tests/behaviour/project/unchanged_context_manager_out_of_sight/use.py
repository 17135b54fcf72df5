def swallow(lease):
    with lease as held:
        print(held.name)
        raise ValueError
