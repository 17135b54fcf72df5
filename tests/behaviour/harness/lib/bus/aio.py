"""The async twin: its objects have to be started."""
from . import QUEUE


class AsyncProducer:
    is_started = False

    async def start(self):
        self.is_started = True

    async def publish(self, topic, value, timeout=None):
        assert self.is_started
        QUEUE.append((topic, value))
        return {"offset": len(QUEUE)}

    async def stop(self):
        self.is_started = False


class AsyncConsumer:
    is_started = False

    def __init__(self, topic, group_id):
        self.topic = topic

    async def start(self):
        self.is_started = True

    async def __aiter__(self):
        assert self.is_started
        for topic, value in QUEUE:
            if topic == self.topic:
                yield value

    async def getmany(self, n=1):
        assert self.is_started
        return [value for topic, value in QUEUE if topic == self.topic][:n]

    async def stop(self):
        self.is_started = False


def producer(servers):
    return AsyncProducer()
