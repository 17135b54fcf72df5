# case: expect = await asyncio.to_thread(heap.get)
import asyncio
import queue


async def main():
    heap, stack = queue.PriorityQueue(9), queue.LifoQueue()
    for item in (3, 1, 2):
        heap.put(item)
    print(heap.get(), heap.get(), [heap.get() for _ in range(heap.qsize())])
    stack.put(1)
    stack.put(2)
    print(stack.get(), stack.get(True, 1))


asyncio.run(main())
