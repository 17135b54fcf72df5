from tool.cli import main


def check():
    assert main(["a", "b"]) == 0
    assert main(argv=["a"]) == 3
    try:
        main(["--nonsense", "a"])
    except SystemExit as error:
        print("usage", error.code)
