from .. import net
from ..net import fetch
from .prices import price


def order(n):
    return net.fetch("order", n), fetch("customer", n), price(n)
