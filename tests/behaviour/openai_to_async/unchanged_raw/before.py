# case: unchanged
from llm_stub import URL
from openai import OpenAI


def main():
    with OpenAI(api_key="k", base_url=URL + "/v1") as client:
        raw = client.chat.completions.with_raw_response.create(
            model="m", messages=[{"role": "user", "content": "hi"}]
        )
        print(raw.parse().choices[0].message.content)


if __name__ == "__main__":
    main()
