# case: expect = AsyncOpenAI
from llm_stub import URL
from openai import NotFoundError, OpenAI


def ask(client: OpenAI, prompt: str) -> str:
    response = client.chat.completions.create(model="m", messages=[{"role": "user", "content": prompt}])
    return response.choices[0].message.content


def main():
    client = OpenAI(api_key="k", base_url=URL + "/v1", max_retries=0)
    print(ask(client, "hi"), [ask(client, prompt) for prompt in ("a", "b")])
    print(client.embeddings.create(model="m", input="x").data[0].embedding)
    try:
        client.models.retrieve("missing")
    except NotFoundError as error:
        print(error.status_code)
    client.close()


if __name__ == "__main__":
    main()
