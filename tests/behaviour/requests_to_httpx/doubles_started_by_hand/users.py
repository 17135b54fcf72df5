import requests


def add(name):
    return requests.post("https://api.test/users", json={"name": name}).status_code


def drop(number):
    return requests.delete(f"https://api.test/users/{number}").status_code
