import os


def version():
    with open(os.path.join(os.path.dirname(__file__), "VERSION")) as file:
        return file.read().strip()
