# case: args = --unsafe
# case: expect = except aiosmtplib.SMTPRecipientsRefused:
import smtplib

from mail_stub import HOST, PORT


def main():
    with smtplib.SMTP(HOST, PORT) as server:
        try:
            server.sendmail("a@x.y", ["bad@x.y"], "Subject: x\n\nhello")
        except smtplib.SMTPRecipientsRefused:
            print("refused")


if __name__ == "__main__":
    main()
