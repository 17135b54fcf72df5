from sessions import contextmanager


@contextmanager
def plain():
    yield "plain"
