# case: expect = async for chunk in
import openai
from llm_stub import URL


def tell(client):
    parts = []
    for chunk in client.chat.completions.create(model="m", messages=[], stream=True):
        parts.append(chunk.choices[0].delta.content)
    return "".join(parts)


def main():
    with openai.OpenAI(api_key="k", base_url=URL + "/v1") as client:
        print(tell(client))
        stream = client.chat.completions.create(model="m", messages=[], stream=True)
        print([chunk.choices[0].finish_reason for chunk in stream])
        with client.with_options(timeout=5).chat.completions.create(model="m", messages=[], stream=True) as events:
            for event in events:
                print(event.id)


if __name__ == "__main__":
    main()
