import time


class Both:
    def __enter__(self):
        time.sleep(0.001)
        return self

    def __exit__(self, *exc):
        print("exit")

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        print("aexit")


class Half:
    def __enter__(self):
        time.sleep(0.001)
        return self.missing
