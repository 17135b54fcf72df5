import time

from app.application import app


@app.get("/first")
def read():
    time.sleep(0.001)
    return {"first": 1}


# It has the name of the other one, which nobody asks for by that.
@app.get("/second")
def read():
    time.sleep(0.001)
    return {"second": 2}
