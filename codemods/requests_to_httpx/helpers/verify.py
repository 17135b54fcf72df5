def _verify(verify, cert=None):
    """The `verify` of httpx for `verify` and `cert` of requests: flags, and paths of certificates."""
    if not cert and (verify is None or isinstance(verify, bool)):
        return verify is not False
    if verify is None or isinstance(verify, bool):
        context = httpx.create_ssl_context(verify=verify is not False)
    else:
        try:
            context = ssl.create_default_context(cafile=verify)
        except (IsADirectoryError, PermissionError):
            context = ssl.create_default_context(capath=verify)
    if cert:
        context.load_cert_chain(*([cert] if isinstance(cert, str) else cert))
    return context
