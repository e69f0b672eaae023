/** Zones that our server and `named` read from the same files, and questions about them. */

export const EXAMPLE = `$ORIGIN example.test.
$TTL 1h
@       IN SOA  ns hostmaster (
                2026010101      ; serial
                2h 15m 2w       ; refresh, retry, expire
                10m )           ; minimum
        NS      ns
        NS      ns2.elsewhere.test.
        MX      10 mail
        MX      20 mail2.elsewhere.test.
        TXT     "v=spf1 -all" "semi;colon \\"and\\" \\065\\200"
ns      A       127.0.0.1
www 5m  A       192.0.2.1
        A       192.0.2.2
        AAAA    2001:db8::1
mail    A       192.0.2.25
        AAAA    2001:0DB8:0:0:0:0:0:25
alias   CNAME   www
chain   CNAME   alias
away    CNAME   www.elsewhere.test.
gone    CNAME   nobody
mixed   CNAME   WWW.Example.TEST.
below   CNAME   host.child
_sip._tcp       SRV     1 2 5060 www
                SRV     1 3 5060 elsewhere.test.
deep.empty.name A       192.0.2.3
*.wild  A       192.0.2.4
        MX      5 mail
*.walias CNAME  www
there.wild      TXT     there
child   NS      ns.child
        NS      ns.elsewhere.test.
ns.child        A       192.0.2.53
        AAAA    2001:db8::53
host.child      A       192.0.2.99
odd\\.label     A       192.0.2.5
sp\\032ace      TXT     x
rare    TYPE65280 \\# 4 0A000001
bytes   A       \\# 4 C0000206
`;

/** More than a datagram takes: in 512 bytes, in 1,232, and in any. */
export const LARGE = `$ORIGIN large.test.
$TTL 60
@ SOA ns.example.test. root 1 1 1 1 1
@ NS ns.example.test.
${[...Array(12).keys()].map((n) => `a A 192.0.2.${n}`).join("\n")}
${[...Array(40).keys()].map((n) => `b A 192.0.2.${n}`).join("\n")}
${[...Array(100).keys()].map((n) => `c TXT "${String(n).padStart(3, "0")} ${"x".repeat(200)}"`).join("\n")}
`;

const REVERSE = `$TTL 3600
$ORIGIN 2.0.192.in-addr.arpa.
@ SOA ns.example.test. hostmaster.example.test. 1 7200 900 1209600 600
@ NS ns.example.test.
1 PTR www.example.test.
25 PTR mail.example.test.
`;

export const ZONES: Readonly<Record<string, string>> = {
  "example.test": EXAMPLE,
  "large.test": LARGE,
  "2.0.192.in-addr.arpa": REVERSE,
};

/** Names and types to ask for, as `dig` is given them. */
export const QUESTIONS: readonly string[] = [
  ...["A", "AAAA", "MX", "TXT", "CNAME", "ANY"].map((type) => `www.example.test ${type}`),
  ...["SOA", "NS", "MX", "TXT", "A", "DS", "SRV"].map((type) => `example.test ${type}`),
  ...["alias", "chain", "away", "gone", "mixed"].flatMap((name) => [
    `${name}.example.test A`,
    `${name}.example.test CNAME`,
  ]),
  "alias.example.test TXT",
  "WWW.eXample.TEST A",
  "_sip._tcp.example.test SRV",
  "_tcp.example.test SRV",
  ...["deep.empty.name", "empty.name", "name", "x.name", "nobody", "a.b.nobody"].map(
    (name) => `${name}.example.test A`,
  ),
  ...["a.wild", "a.b.wild", "wild", "*.wild", "there.wild", "x.there.wild", "X.WILD"].map(
    (name) => `${name}.example.test A`,
  ),
  ...["a.wild MX", "a.wild TXT", "a.wild ANY", "there.wild TXT", "x.walias A", "x.walias CNAME"].map((each) =>
    each.replace(" ", ".example.test "),
  ),
  ...["child A", "child NS", "child DS", "ns.child A", "host.child A", "a.b.child MX"].map((each) =>
    each.replace(" ", ".example.test "),
  ),
  "odd\\.label.example.test A",
  "sp\\032ace.example.test TXT",
  "rare.example.test TYPE65280",
  "bytes.example.test A",
  "mail.example.test AAAA",
  "1.2.0.192.in-addr.arpa PTR",
  "9.2.0.192.in-addr.arpa PTR",
  "2.0.192.in-addr.arpa SOA",
  "a.large.test A",
  "nobody.large.test A",
];
