# case: expect = async for text in stream.text_stream:
import anthropic
from llm_stub import URL

ASK = [{"role": "user", "content": "hi"}]


def main():
    with anthropic.Anthropic(api_key="k", base_url=URL) as client:
        with client.messages.stream(model="m", max_tokens=5, messages=ASK) as stream:
            for text in stream.text_stream:
                print(text)
            print(stream.get_final_message().content[0].text)
        for event in client.messages.create(model="m", max_tokens=5, messages=ASK, stream=True):
            print(event.type)


if __name__ == "__main__":
    main()
