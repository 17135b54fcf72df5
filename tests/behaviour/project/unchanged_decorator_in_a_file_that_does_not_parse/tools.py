def logged(fn):
    def wrapper(*args):
        print("log")
        return fn(*args)

    return wrapper
