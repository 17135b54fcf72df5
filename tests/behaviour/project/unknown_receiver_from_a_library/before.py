# case: args = --scope project --seed all --unsafe
# case: expect = async def swapcase(self)
# case: expect = return template.substitute(name="World").swapcase()
# case: expect = await page.swapcase()
# What a template gives comes from the library that made it.
import string
import time


class Page:
    def swapcase(self):
        time.sleep(0.001)
        return "page"


def greeting():
    template = string.Template("Hello $name")
    return template.substitute(name="World").swapcase()


def show(page: Page):
    return page.swapcase()


def main():
    print(greeting(), show(Page()))


if __name__ == "__main__":
    main()
