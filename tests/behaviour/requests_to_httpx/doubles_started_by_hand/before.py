# case: args = --seed all --unsafe
# case: expect api.py = httpx.AsyncClient(
# case: expect test_api.py = patcher = patch("httpx.AsyncClient.get", return_value=MagicMock())
# case: expect test_api.py = Mock(is_error=False, reason_phrase="OK")
# case: expect test_api.py = class NameTest(unittest.IsolatedAsyncioTestCase)
# case: reject test_api.py = "requests.get
# case: expect test_users.py = mock.patch.object(httpx.AsyncClient, "delete", return_value=MagicMock()).start()
# case: reject users.py = requests.post
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).parent
ran = subprocess.run(
    [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(here)],
    capture_output=True,
    text=True,
    cwd=here,
)
last = ran.stdout.strip().splitlines()[-1]
print(last.split(" in ")[0].strip("= "))
if ran.returncode:
    print(ran.stdout)
