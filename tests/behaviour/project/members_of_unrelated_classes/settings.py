class Settings:
    def __init__(self, replace):
        self.replace = replace

    def shown(self):
        return self.replace
