# case: exit = 3
# case: expect tool/cli.py = async def _main(argv):
# case: expect tool/cli.py = return asyncio.run(_main(argv))
# case: expect tool/cli.py = def main(argv=None):
# case: expect tool/__main__.py = sys.exit(main())
# case: keep tool/__main__.py
# case: keep check.py
# What an installed script does, and what tests do: they call `main` with arguments.
import runpy
import sys

import check

check.check()
sys.argv = ["tool", "c"]
runpy.run_module("tool", run_name="__main__")
