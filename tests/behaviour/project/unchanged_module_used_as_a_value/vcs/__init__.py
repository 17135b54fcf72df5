from . import git, hg


def identify(name):
    if name == "git":
        return git
    return hg
