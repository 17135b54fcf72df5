# case: args = --unsafe
# case: unchanged
import smtplib

from mail_stub import HOST, PORT


def send(to):
    with smtplib.SMTP(HOST, PORT) as server:
        server.sendmail("a@x.y", [to], "Subject: x\n\nhello")


def main():
    try:
        send("bad@x.y")
    except OSError as error:
        print("refused", type(error).__name__)


if __name__ == "__main__":
    main()
