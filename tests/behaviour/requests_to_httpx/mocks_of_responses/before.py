# case: args = --seed all --unsafe
# case: expect test_api.py = response.is_error = False
# case: expect test_api.py = is_error=not ok
# case: expect test_api.py = response.reason_phrase = "Gone"
# case: expect test_api.py = mock_get.return_value.is_error = True
# case: expect test_plain.py = with patch.object(httpx.AsyncClient, "get", return_value=MagicMock(status_code=200)) as get:
# case: reject test_api.py = import requests
# case: reject api.py = requests.get
# case: expect kept/api_of_arguments.py = requests.get(
# case: expect kept/api_of_deletion.py = requests.delete(
# case: expect kept/api_untold.py = requests.get(
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
