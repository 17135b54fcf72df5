import time


def setup(app):
    time.sleep(0.001)
    app.append("extension")
    return {"parallel_read_safe": True}
