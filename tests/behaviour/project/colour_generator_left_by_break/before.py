# case: args = --scope project --seed all --make-async before:rows
# case: expect = async with aclosing(rows()) as items:
# py>=3.10
def rows():
    try:
        yield 1
        yield 2
    finally: print("closed")
def main():
    for r in rows():
        print(r); break
    print("after loop")
main()
