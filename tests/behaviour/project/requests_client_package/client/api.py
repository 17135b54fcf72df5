from .http import get


class Api:
    def _get(self, path):
        return get(path)

    def user(self, n):
        return self._get(f"/user/{n}")

    def users(self, numbers):
        for n in numbers:
            yield self.user(n)

    def names(self, numbers):
        return [user["name"] for user in self.users(numbers)]
