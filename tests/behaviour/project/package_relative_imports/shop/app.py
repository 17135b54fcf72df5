from .service.orders import order


def app():
    return [order(n) for n in range(2)]
