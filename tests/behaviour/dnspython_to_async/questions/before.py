# case: args = --seed all
# case: expect = import dns.asyncresolver
# case: expect = resolver = dns.asyncresolver.Resolver(configure=False)
# case: expect = answer = await dns.asyncquery.udp(query, HOST, timeout=3, port=PORT)
import dns.exception
import dns.message
import dns.query
import dns.resolver
from dns_stub import HOST, PORT


def made():
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [HOST]
    resolver.port = PORT
    resolver.lifetime = 5
    return resolver


def ask(resolver, name, kind):
    try:
        return sorted(record.to_text() for record in resolver.resolve(name, kind))
    except dns.resolver.NXDOMAIN:
        return "no such name"
    except dns.resolver.NoAnswer:
        return "no answer"


def main():
    resolver = made()
    for name, kind in [("host.test", "A"), ("mail.test", "MX"), ("none.test", "A"), ("mail.test", "A")]:
        print(name, kind, ask(resolver, name, kind))
    print([record.target.to_text() for record in resolver.resolve_address("10.0.0.1")])
    query = dns.message.make_query("host.test", "A")
    answer = dns.query.udp(query, HOST, timeout=3, port=PORT)
    print(answer.rcode(), len(answer.answer[0]))
    print(dns.query.tcp(query, HOST, timeout=3, port=PORT).answer[0].name)


if __name__ == "__main__":
    main()
