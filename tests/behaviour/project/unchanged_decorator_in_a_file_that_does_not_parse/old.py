from tools import logged


@logged
def total(x):
    print "of an older Python", x
