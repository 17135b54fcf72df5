def _without(request, *names):
    """The request without these headers of the client, which requests leaves out where they are None."""
    for name in names:
        request.headers.pop(name, None)
    return request
