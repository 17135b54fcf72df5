from depot import stock


def report(names):
    return {name: stock.count(name) for name in names}
