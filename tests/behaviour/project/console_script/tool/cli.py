from tool.work import work


def main():
    result = work("a")
    print(result)
    print(work("b"))
    return 0
