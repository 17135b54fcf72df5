# case: expect files.py = async def replace(self, text):
# case: expect before.py = await File("a").replace("b")
# case: keep settings.py
# An attribute of a class that no other one joins with the class of a method is none of that method, whatever its name.
from files import File
from settings import Settings


def main():
    settings = Settings("new")
    print(settings.replace.upper(), settings.shown())
    print(File("a").replace("b"))


if __name__ == "__main__":
    main()
