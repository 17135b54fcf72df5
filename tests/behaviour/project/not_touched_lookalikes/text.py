EXAMPLE = """
    from before import load
    load(4)
"""
