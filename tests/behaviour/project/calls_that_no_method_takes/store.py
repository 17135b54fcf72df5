class Template:
    def __init__(self, path):
        self.path = path

    def replace(self, old, new, context, dry_run=False):
        with open(self.path) as f:
            text = f.read()
        text = text.replace(old, new.format(**context))
        if not dry_run:
            with open(self.path, "w") as f:
                f.write(text)
        return text

    @classmethod
    def read(cls, path, *, encoding):
        with open(path, encoding=encoding) as f:
            return f.read()

    @staticmethod
    def pop(path, count):
        with open(path) as f:
            return f.read()[:count]
