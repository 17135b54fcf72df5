# case: expect job/__main__.py = asyncio.run(main())
# case: expect job/core.py = await asyncio.sleep(0.001)
# case: keep before.py
# `python -m job`
import runpy

runpy.run_module("job", run_name="__main__")
