class Quick:
    def run(self):
        return "quick"
