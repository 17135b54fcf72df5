# case: args = --seed all --unsafe
# case: expect api.py = httpx.AsyncClient(
# case: expect test_api.py = async def test_user(api, respx_mock):
# case: expect test_api.py = with respx.mock(assert_all_called=False) as m:
# case: expect test_api.py = httpx.ConnectTimeout
# case: reject test_api.py = requests_mock
# case: reject test_api.py = import requests
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
