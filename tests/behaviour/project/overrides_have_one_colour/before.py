# case: expect = await shape.area()
# case: expect shapes.py = async def area(self):
from shapes import Circle, Shape, Square


def total(shapes: list[Shape]):
    result = 0
    for shape in shapes:
        result += shape.area()
    return result


def main():
    print(total([Square(2), Circle(1), Shape()]))


if __name__ == "__main__":
    main()
