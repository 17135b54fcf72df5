# case: unchanged
# What takes the place of a function here gives no awaitable, or nobody can tell.
from unittest.mock import MagicMock, patch

import service

MODULE = "service"


class MonkeyPatch:
    def setattr(self, of, name, value):
        setattr(of, name, value)


def main():
    with patch("service.by_lambda", lambda n: "lambda"):
        print(service.by_lambda(1))
    with patch("service.by_mock_of_its_own", new_callable=MagicMock) as mock:
        mock.return_value = "mock"
        print(service.by_mock_of_its_own(1))
    with patch("service.by_mock_that_nobody_set") as mock:
        print(type(service.by_mock_that_nobody_set(1).text).__name__)
    with patch(f"{MODULE}.by_string", lambda n: "string"):
        print(service.by_string(1))
    with patch.multiple("service", by_keyword=lambda n: "keyword"):
        print(service.by_keyword(1))
    with patch("service.called_by_itself", return_value="itself") as mock:
        print(mock(1), service.called_by_itself(1))
    MonkeyPatch().setattr(service, "set_by_a_fixture", lambda n: "fixture")
    print(service.set_by_a_fixture(1))
    with patch("service.client"):
        print(type(service.use(1)).__name__)
    with patch.object(service.Rows, "each", return_value=[1, 2]):
        print(service.listed(service.Rows()))


if __name__ == "__main__":
    main()
