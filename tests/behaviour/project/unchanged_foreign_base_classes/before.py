# case: unchanged
import html.parser
import json
import logging
import time


def pause(value):
    time.sleep(0.001)
    return value


class Handler(logging.Handler):
    def emit(self, record):
        print(pause(record.getMessage()))


class Parser(html.parser.HTMLParser):
    def handle_starttag(self, tag, attrs):
        print(pause(tag))


class Encoder(json.JSONEncoder):
    def default(self, o):
        return pause(str(o))


class Text(str):
    def upper(self):
        return pause(super().upper())


def main():
    logger = logging.getLogger("case")
    logger.addHandler(Handler())
    logger.warning("warned")
    Parser().feed("<b>")
    print(json.dumps(1j, cls=Encoder), Text("a").upper())


if __name__ == "__main__":
    main()
