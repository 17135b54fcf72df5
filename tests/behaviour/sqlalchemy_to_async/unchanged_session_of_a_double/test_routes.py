import asyncio
from unittest.mock import MagicMock, patch

from routes import make_routes


def test_session():
    assert asyncio.run(make_routes()["one"]()) == 1


def test_double():
    session = MagicMock()
    session.scalar.return_value = 7
    with patch("routes.get_session", return_value=session):
        routes = make_routes()
    assert asyncio.run(routes["one"]()) == 7
