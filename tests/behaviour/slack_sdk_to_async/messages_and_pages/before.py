# case: args = --seed all
# case: expect = client: AsyncWebClient
# case: expect = async for page in await client.conversations_list(limit=2):
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_stub import BASE_URL


def post(client: WebClient, channel: str, text: str):
    try:
        response = client.chat_postMessage(channel=channel, text=text)
    except SlackApiError as error:
        return error.response["error"]
    return response["ok"], response["ts"], response.get("channel"), response.status_code


def channels(client: WebClient):
    names = []
    for page in client.conversations_list(limit=2):
        names += [channel["name"] for channel in page["channels"]]
    return names


def main():
    client = WebClient(token="xoxb-1", base_url=BASE_URL)
    print(post(client, "#ops", "deployed"), post(client, "#none", "lost"))
    print(channels(client), client.auth_test().data["method"])


if __name__ == "__main__":
    main()
