"""Polls services, keeps their history in a database and writes a report."""
