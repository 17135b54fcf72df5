import os

from setuptools import setup

from shop.version import version


def read(name):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name)) as file:
        return file.read()


if __name__ == "__main__":
    setup(name="shop", version=version(), long_description=read("before.py"), py_modules=[])
