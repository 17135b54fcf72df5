import functools
import time


def logged(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        print("start", fn.__name__)
        time.sleep(0.001)
        try:
            return fn(*args, **kwargs)
        except ValueError as error:
            print("caught", error)
            return None
        finally:
            print("end", fn.__name__)

    return wrapper


def retry(times):
    def decorator(fn):
        @functools.wraps(fn)
        def wrapper(*args, **kwargs):
            for attempt in range(times):
                try:
                    return fn(*args, **kwargs)
                except OSError as error:
                    print(attempt, error)
                    time.sleep(0.001)
            raise RuntimeError("gave up")

        return wrapper

    return decorator
