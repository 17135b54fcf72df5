from setuptools import setup

if __name__ == "__main__":
    setup(
        name="tool",
        py_modules=["tool"],
        entry_points={"console_scripts": ["tool = tool:run", "tool-two=tool:second"]},
    )
