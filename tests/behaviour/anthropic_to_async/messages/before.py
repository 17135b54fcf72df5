# case: expect = AsyncAnthropic
from anthropic import Anthropic
from llm_stub import URL

ASK = [{"role": "user", "content": "hi"}]


class Assistant:
    def __init__(self, client: Anthropic):
        self.client = client

    def say(self):
        message = self.client.messages.create(model="m", max_tokens=5, messages=ASK)
        return message.content[0].text

    def tokens(self):
        return self.client.messages.count_tokens(model="m", messages=ASK).input_tokens


def main():
    client = Anthropic(api_key="k", base_url=URL)
    assistant = Assistant(client)
    print(assistant.say(), assistant.tokens(), [model.id for model in client.models.list(limit=2)])
    client.close()


if __name__ == "__main__":
    main()
