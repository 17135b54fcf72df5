# case: expect = await double(await add(1))
# case: expect = await pipeline.step(5)
# case: expect ops.py = async def __call__(self, x):
# case: expect ops.py = return await self.step(x)
from ops import Add, Pipeline, double

add = Add(2)


def main():
    print(double(add(1)), Add(3)(4), callable(add))
    pipeline = Pipeline(Add(10))
    print(pipeline.step(5), pipeline.run(6))


if __name__ == "__main__":
    main()
