# The program is started from a folder below the root, and its packages have no `__init__.py`.
# case: args = --select sqlalchemy_to_async --seed sqlalchemy_to_async --unsafe
# case: expect backend/app/services/users.py = async def names(db: AsyncSession):
# case: expect backend/app/main.py = return await user_service.names(db)
import subprocess
import sys

done = subprocess.run([sys.executable, "-m", "app.run"], cwd="backend", capture_output=True, text=True)
print(done.stdout, done.returncode)
