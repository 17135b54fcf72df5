# case: args = --seed all
# case: expect = await asyncio.to_thread(subprocess.run, ["sleep", "5"], timeout=0.1)
# case: expect = (await asyncio.to_thread(subprocess.check_output, "echo hi; echo there", shell=True, text=True)).splitlines()
# case: reject = = subprocess.run(
import subprocess
import sys


def main():
    done = subprocess.run([sys.executable, "-c", "print('out')"], capture_output=True, text=True, check=True, timeout=30)
    print(done.stdout.strip(), done.returncode)
    print(subprocess.check_output("echo hi; echo there", shell=True, text=True).splitlines())
    print(subprocess.call(["true"]), subprocess.check_call(["true"]))
    try:
        subprocess.run(["sleep", "5"], timeout=0.1)
    except subprocess.TimeoutExpired as error:
        print("timeout", round(error.timeout, 1), error.cmd)
    try:
        subprocess.run([sys.executable, "-c", "print('x'); raise SystemExit(3)"], capture_output=True, text=True, check=True)
    except subprocess.CalledProcessError as error:
        print(error.returncode, repr(error.stdout), error.cmd[1])
    print(subprocess.run(["cat"], input="in\n", capture_output=True, text=True).stdout)
    print(subprocess.getoutput("echo out"), subprocess.getstatusoutput("exit 3"))


main()
