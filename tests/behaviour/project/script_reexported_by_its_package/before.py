# case: expect tool/impl.py = asyncio.run(_start())
# case: keep tool/__init__.py
import tool

tool.main()
