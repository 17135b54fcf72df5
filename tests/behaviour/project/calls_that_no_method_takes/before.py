# case: expect store.py = async def replace(self, old, new, context, dry_run=False):
# case: expect store.py = async def read(cls, path, *, encoding):
# case: expect store.py = async def pop(path, count):
# case: expect = await template.replace("x", "<{a}>", {"a": 1})
# case: expect = text.replace("-", "+")
import io

from store import Template


def clean(text):
    return text.replace("-", "+").strip()


def content(stream):
    return stream.read() + stream.read(1)


def last(items):
    return items.pop()


def wrong(things):
    for thing in things:
        try:
            print(thing.replace(1))
        except TypeError as error:
            print("TypeError", "argument" in str(error))


def main():
    with open("t.txt", "w") as f:
        f.write("x y\n")
    template = Template("t.txt")
    print(template.replace("x", "<{a}>", {"a": 1}))
    print(Template.read("t.txt", encoding="utf-8"), Template.pop("t.txt", 2))
    print(clean(" a-b "), content(io.StringIO("abc")), last([1, 2]))
    wrong([template, "text"])


if __name__ == "__main__":
    main()
