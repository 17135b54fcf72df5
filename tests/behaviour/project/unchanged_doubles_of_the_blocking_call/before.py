# case: unchanged
# The test does not name the function whose call it doubles.
import time
from unittest.mock import patch

import service


def main():
    with patch("time.sleep") as sleep:
        print(service.report(1), sleep.call_count)
    with patch.object(time, "sleep") as sleep:
        print(service.report(1), sleep.call_count)
    with patch(f"{service.__name__}.time.sleep") as sleep:
        print(service.report(1), sleep.call_count)
    with patch.object(service, "time") as clock:
        print(service.report(1), clock.sleep.call_count)


if __name__ == "__main__":
    main()
