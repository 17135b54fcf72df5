from b_base import Base


class First(Base):
    pass
