# case: args = --scope project
# case: expect = await producer.start()
# case: expect = await consumer.start()
# case: expect = (await producer.publish("t", "c"))["offset"]
import bus
from bus import Consumer


def produce(producer, values):
    return [producer.send("t", value, timeout_s=3) for value in values]


def consume(count):
    consumer = Consumer("t", group="g")
    try:
        first = consumer.poll(n=count)
        return first, [message for message in consumer]
    finally:
        consumer.close()


def main():
    producer = bus.create_producer("localhost")
    print(produce(producer, ["a", "b"]))
    offset = producer.send("t", "c")
    print(offset + 1)
    producer.stop()
    print(consume(2))


if __name__ == "__main__":
    main()
