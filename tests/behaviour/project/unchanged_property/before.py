# case: unchanged
import functools
import time


class Job:
    def _read(self):
        time.sleep(0.001)
        return {"k": 1}

    @functools.cached_property
    def config(self):
        return self._read()

    @property
    def size(self):
        return len(self._read())

    @size.setter
    def size(self, value):
        time.sleep(0.001)
        self.value = value


def main():
    job = Job()
    job.size = 5
    print(job.config["k"], job.config["k"], job.size, job.value)


if __name__ == "__main__":
    main()
