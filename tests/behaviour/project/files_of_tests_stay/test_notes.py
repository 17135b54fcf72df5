import pathlib


def test_reads():
    with open(pathlib.Path(__file__)) as file:
        assert "test_reads" in file.read()
