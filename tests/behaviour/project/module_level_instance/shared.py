from client import Client

client = Client()
