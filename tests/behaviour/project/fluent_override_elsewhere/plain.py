class Plain:
    def get(self, n):
        return f"plain {n}"
