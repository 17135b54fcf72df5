def show(job):
    print(job.size)
