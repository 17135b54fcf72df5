# case: unchanged
# case: py < 3.14
import asyncio
import warnings

warnings.simplefilter("ignore")


class Client:
    def __init__(self):
        self.loop = asyncio.get_event_loop()


c = Client()
print(c.loop.is_running())
c.loop.close()
