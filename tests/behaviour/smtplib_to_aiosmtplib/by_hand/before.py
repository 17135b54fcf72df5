# case: expect = async with aiosmtplib.SMTP(hostname=HOST, port=PORT, timeout=10, start_tls=False) as server:
import smtplib

from mail_stub import HOST, PORT


def main():
    server = smtplib.SMTP(host=HOST, port=PORT, timeout=10)
    try:
        server.noop()
        server.sendmail("a@x.y", "b@x.y", "Subject: x\n\nhello")
    finally:
        server.quit()
    print("done")


if __name__ == "__main__":
    main()
