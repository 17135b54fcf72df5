# case: unchanged
# Sphinx calls `setup`, and doit what begins with `task_`: both by name, and neither awaits it.
import runpy

app = []
for name, function in [("conf.py", "setup"), ("extension.py", "setup")]:
    runpy.run_path(name)[function](app)
print(app, runpy.run_path("dodo.py")["task_build"]())
