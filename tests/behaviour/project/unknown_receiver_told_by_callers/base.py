class Base:
    def __init__(self, link, host="local"):
        self._link = link
        self.host = host
