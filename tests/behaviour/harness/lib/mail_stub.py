"""A mail server that prints what it gets: `HOST` and `PORT`; it refuses recipients with `bad` in their name."""
import atexit, socket

from aiosmtpd.controller import Controller


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if "bad" in address:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode().replace("\r\n", "\n").rstrip().splitlines()[-1]
        print("got", envelope.mail_from, envelope.rcpt_tos, text)
        return "250 OK"


HOST = "127.0.0.1"
with socket.socket() as probe:
    probe.bind((HOST, 0))
    PORT = probe.getsockname()[1]
CONTROLLER = Controller(Handler(), hostname=HOST, port=PORT)
CONTROLLER.start()
atexit.register(CONTROLLER.stop)
