# case: args = --seed all --unsafe
# case: expect test_api.py = with pytest.raises(httpx.HTTPStatusError) as raised:
# case: expect test_api.py = raised.value.response.status_code == 500
# case: expect test_cases.py = with self.assertRaises(httpx.HTTPStatusError) as caught:
# case: expect test_cases.py = except httpx.TimeoutException:
# case: reject test_api.py = import requests
# case: reject test_cases.py = import requests
# case: expect kept/test_text.py = match="404"
# case: expect kept/text.py = requests.get(url)
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
