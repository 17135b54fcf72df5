from setuptools import setup


def read(path):
    with open(path) as file:
        return file.read()


if __name__ == "__main__":
    setup(name="x", version=read("VERSION").strip())
