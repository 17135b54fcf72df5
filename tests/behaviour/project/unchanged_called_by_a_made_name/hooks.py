import time


class Compile:
    def before_build(self, context):
        time.sleep(0.001)
        context.append("compiled")


class Clean:
    def after_build(self, context):
        time.sleep(0.001)
        context.append("cleaned")
