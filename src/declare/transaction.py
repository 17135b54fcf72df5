@asynccontextmanager
async def _transaction(connection):
    """Commit what the block did, or roll it back."""
    try:
        yield connection
        await connection.commit()
    except BaseException:
        await connection.rollback()
        raise
