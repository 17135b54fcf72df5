from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api import Api


class Users:
    def __init__(self, api: Api) -> None:
        self._api = api

    def get(self, number):
        return self._api._http.get(f"/user/{number}").status_code

    def names(self, numbers):
        return [self.get(number) for number in numbers]
