"""A name server on a free port, by UDP and TCP: `HOST` and `PORT`."""
import socketserver, struct, threading

import dns.message, dns.rcode, dns.rrset

RECORDS = {
    ("host.test.", "A"): ["10.0.0.1", "10.0.0.2"],
    ("mail.test.", "MX"): ["10 mx.mail.test."],
    ("alias.test.", "CNAME"): ["host.test."],
    ("1.0.0.10.in-addr.arpa.", "PTR"): ["host.test."],
}


def answer(wire):
    query = dns.message.from_wire(wire)
    question = query.question[0]
    name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
    response = dns.message.make_response(query)
    if found := RECORDS.get((name, kind)):
        response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *found))
    elif not any(own == name for own, _ in RECORDS):
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response.to_wire()


class Datagram(socketserver.BaseRequestHandler):
    def handle(self):
        self.request[1].sendto(answer(self.request[0]), self.client_address)


class Stream(socketserver.StreamRequestHandler):
    def handle(self):
        (size,) = struct.unpack("!H", self.rfile.read(2))
        wire = answer(self.rfile.read(size))
        self.wfile.write(struct.pack("!H", len(wire)) + wire)


def start():
    while True:
        datagrams = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Datagram)
        try:
            streams = socketserver.ThreadingTCPServer(datagrams.server_address, Stream)
        except OSError:
            datagrams.server_close()
            continue
        for server in (datagrams, streams):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        return datagrams.server_address


HOST, PORT = start()
