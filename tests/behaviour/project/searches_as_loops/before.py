# case: expect = if n != 2 and await check(n):
# case: expect = for n_2 in numbers:
# `any` and `all` become loops: in conditions, with several names, filters, names that the function has, and exceptions.
import time


def check(n, limit=3):
    time.sleep(0)
    print("check", n)
    if n < 0:
        raise ValueError(n)
    return n > limit


def pairs():
    return [(1, 2), (5, 1), (7, 0)]


def returned(numbers):
    return any(check(n) for n in numbers)


def returned_all(numbers):
    return all(not check(n) for n in numbers if n != 2)


def unpacked():
    return any(check(a, b) or b == 0 for a, b in pairs() if a if b != 2)


def conditional(numbers, n="kept"):
    if any(check(n) for n in numbers):
        return n, "some"
    elif numbers:
        return n, "none"
    return n, "empty"


def annotated(numbers):
    found: bool = not all(check(x) for x in numbers)
    return found


def expression(numbers):
    any(check(n) for n in numbers)
    value = [any(check(n) for n in numbers), "more"]
    return value


def found_is_taken(numbers):
    found = "mine"
    if any(check(n) for n in numbers):
        return found
    return found * 2


def in_try(numbers):
    result = "before"
    try:
        result = any(check(n) for n in numbers)
    except ValueError as error:
        return result, str(error)
    return result


def twice(numbers):
    result = any(check(n) for n in numbers)
    result = result or "none"
    return result


def nested(rows):
    return any(check(sum([1 for _ in row if row])) for row in rows)


def walrus(numbers):
    return all(check(n if n > 0 else 0) and n % 2 for n in numbers)


m = "global"


def with_global(numbers):
    found = any(check(m) for m in numbers)
    return found, m


class Shop:
    limit = 4

    def any(self, numbers):
        self.found = any(check(n, self.limit) for n in numbers)
        return self.found



def main():
    for numbers in ([], [1, 5, 9], [2, 2], [8]):
        print(returned(numbers), returned_all(numbers), conditional(numbers), annotated(numbers))
        print(expression(numbers), found_is_taken(numbers), in_try(numbers + [-1]), twice(numbers))
        print(nested([numbers]), walrus(numbers), Shop().any(numbers))
    print(unpacked(), with_global([1, 5]))


if __name__ == "__main__":
    main()
