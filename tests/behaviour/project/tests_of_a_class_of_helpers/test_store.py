from helpers import Loads


class TestA(Loads):
    name = "a"


class TestB(Loads):
    name = "b"
