# case: expect tool.py = asyncio.run(_run())
# case: expect tool.py = print(asyncio.run(work(5)))
# case: keep setup.py
# case: keep before.py
import tool

tool.run()
tool.second()
