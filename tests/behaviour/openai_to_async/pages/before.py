# case: expect = async for model in client.models.list():
from llm_stub import URL
from openai import OpenAI


def main():
    with OpenAI(api_key="k", base_url=URL + "/v1") as client:
        for model in client.models.list():
            print(model.id)
        page = client.models.list()
        print(len(page.data), [model.id for model in page], [model.created for model in client.models.list()])
        print(sorted(model.id for model in client.models.list()), client.models.list().data[0].id)


if __name__ == "__main__":
    main()
