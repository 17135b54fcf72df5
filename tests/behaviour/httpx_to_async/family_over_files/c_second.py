from b_base import Base


class Second(Base):
    def other(self):
        return self.client.get("/second").text
