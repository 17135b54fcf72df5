# case: expect = await server.send_message(message)
import smtplib
from email.message import EmailMessage

from mail_stub import HOST, PORT


def send(message):
    with smtplib.SMTP(HOST, PORT) as server:
        server.ehlo()
        server.send_message(message)
        server.sendmail("c@x.y", ["d@x.y", "bad@x.y"], "Subject: x\n\nbye")


def main():
    message = EmailMessage()
    message["From"], message["To"] = "a@x.y", "b@x.y"
    message.set_content("hello")
    send(message)
    print("done")


if __name__ == "__main__":
    main()
