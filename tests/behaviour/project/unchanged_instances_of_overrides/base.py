from res import Lease


class User:
    def use(self, lease: Lease):
        raise NotImplementedError


class A(User):
    def use(self, thing):
        with thing:
            raise KeyError


def run(user: User):
    user.use(Lease("given"))
