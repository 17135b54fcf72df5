from hooks import Clean, Compile


class Builder:
    hooks = []

    def build(self):
        context = []
        for name in ("before_build", "after_build"):
            self.call_hook(name, context)
        return context

    def call_hook(self, name, *args):
        for hook in self.hooks:
            if hasattr(hook, name):
                getattr(hook, name)(*args)


class Wheel(Builder):
    hooks = Builder.hooks + [Compile(), Clean()]
