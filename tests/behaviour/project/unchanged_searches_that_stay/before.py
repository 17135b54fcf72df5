# case: unchanged
# Each of these has no place before its statement, or no end in sight, where a loop could stand.
import time


def checked(n):
    time.sleep(0)
    print("checked", n)
    return n > 3


def short_circuit(numbers, flag):
    return flag and any(checked(n) for n in numbers)


def in_while(numbers):
    while any(checked(n) for n in numbers):
        numbers = numbers[:-1]
    return numbers


def in_elif(numbers):
    if not numbers:
        return "empty"
    elif any(checked(n) for n in numbers):
        return "some"
    return "none"


def after_another(numbers):
    return [print("first"), any(checked(n) for n in numbers)]


def two_clauses(rows):
    return any(checked(n) for row in rows for n in row)


def conditional(numbers):
    return any(checked(n) for n in numbers) if numbers else None


def in_default(numbers):
    def inner(value=any(checked(n) for n in [1])):
        return value

    return inner()


def first(numbers):
    return next((n for n in numbers if checked(n)), None)


def later(numbers):
    return any(call() for call in [lambda n=n: checked(n) for n in numbers])


print(short_circuit([1, 5, 6], True), in_while([1, 5]), in_elif([1]), in_elif([4]), after_another([1, 4, 5]))
print(two_clauses([[1], [4, 5]]), conditional([4, 5]), in_default([1]), first([1, 4, 5]), later([1, 4, 5]))
