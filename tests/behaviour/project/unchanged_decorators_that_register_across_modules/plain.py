from registry import command


@command()
def add(n):
    return n + 1
