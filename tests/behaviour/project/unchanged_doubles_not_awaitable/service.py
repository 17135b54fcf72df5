import time


def by_lambda(n):
    time.sleep(0.001)
    return f"real {n}"


def by_mock_of_its_own(n):
    time.sleep(0.001)
    return f"real {n}"


def by_mock_that_nobody_set(n):
    time.sleep(0.001)
    return f"real {n}"


def by_string(n):
    time.sleep(0.001)
    return f"real {n}"


def by_keyword(n):
    time.sleep(0.001)
    return f"real {n}"


def called_by_itself(n):
    time.sleep(0.001)
    return f"real {n}"


def set_by_a_fixture(n):
    time.sleep(0.001)
    return f"real {n}"


class Client:
    def fetch(self, n):
        time.sleep(0.001)
        return f"fetched {n}"


client = Client()


def use(n):
    return client.fetch(n)


class Rows:
    def each(self):
        time.sleep(0.001)
        yield 1


def listed(rows: Rows):
    return [row for row in rows.each()]
