import shutil

project = "x"
extensions = []


def setup(app):
    shutil.copy("../CHANGES.md", "changes.md")
