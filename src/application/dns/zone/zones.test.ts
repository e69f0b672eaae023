import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { QueryType } from "../codes.ts";
import { name } from "../name.ts";
import type { ResourceRecord } from "../record.ts";
import { formatRecord } from "../record-text.ts";
import { loadZone } from "./load.ts";
import { formatZoneProblem } from "./master-file.ts";
import type { Zone } from "./zone.ts";
import { Zones } from "./zones.ts";

const zone = (text: string): Zone => {
  const { zone: loaded, problems } = loadZone(text, { file: "f" });
  assert.deepEqual(problems, []);
  return loaded as Zone;
};
const problems = (text: string) => loadZone(text, { file: "f" }).problems.map(formatZoneProblem);

const HEAD = "$ORIGIN example.test.\n$TTL 100\n@ SOA ns a 1 2 3 4 50\n@ NS ns\nns A 10.0.0.53\n";
const zones = new Zones([
  zone(`${HEAD}
www A 10.0.0.1
www A 10.0.0.2
www TXT "hello"
alias CNAME www
away CNAME www.elsewhere.
chain CNAME alias
circle CNAME elcric
elcric CNAME circle
gone CNAME not.there
into CNAME host.child
@ MX 10 mail
mail A 10.0.0.25
mail AAAA 2001:db8::25
_sip._tcp SRV 1 2 5060 www
deep.er.name A 10.0.0.3
*.wild A 10.0.0.4
*.wild MX 5 mail
there.wild TXT "not wild"
sub.there.wild2 A 10.0.0.5
*.wild2 CNAME www
child NS ns.child
child NS ns.elsewhere.
child TYPE43 \\# 1 00
ns.child A 10.0.1.53
ns.child AAAA 2001:db8::53
other NS ns.other.test.
`),
  zone("$ORIGIN inner.example.test.\n$TTL 1\n@ SOA ns a 1 2 3 4 5\n@ NS ns.example.test.\nx A 10.0.2.1\n"),
]);

/** What is answered: code, AA, and the records of each section without their class. */
function ask(text: string, type: QueryType) {
  const answer = zones.answer({ name: name(text), type, class: "IN" });
  const show = (records: readonly ResourceRecord[]): string[] =>
    records.map((record) => formatRecord(record).replace(" IN", "").replaceAll(".example.test.", ""));
  return {
    rcode: answer.rcode + (answer.authoritative ? " AA" : ""),
    answers: show(answer.answers),
    authorities: show(answer.authorities),
    additionals: show(answer.additionals),
  };
}
const NEGATIVE = ["example.test. 50 SOA ns a 1 2 3 4 50"];

describe("a name server's zones", () => {
  test("answer what is there, in any case of letters", () => {
    assert.deepEqual(ask("WWW.example.TEST.", "A"), {
      rcode: "NOERROR AA",
      answers: ["www 100 A 10.0.0.1", "www 100 A 10.0.0.2"],
      authorities: [],
      additionals: [],
    });
    assert.deepEqual(ask("www.example.test.", "ANY").answers.length, 3);
  });

  test("say that there is no such record, or no such name, with the SOA record and its least TTL (RFC 2308 §3)", () => {
    const nothing = { answers: [], additionals: [], authorities: NEGATIVE };
    assert.deepEqual(ask("www.example.test.", "MX"), { rcode: "NOERROR AA", ...nothing });
    assert.deepEqual(ask("nobody.example.test.", "A"), { rcode: "NXDOMAIN AA", ...nothing });
    assert.deepEqual(ask("er.name.example.test.", "A"), { rcode: "NOERROR AA", ...nothing }, "there is a name below");
    assert.deepEqual(ask("er.name.example.test.", "ANY"), { rcode: "NOERROR AA", ...nothing });
  });

  test("refuse what they are not in charge of", () => {
    assert.deepEqual(ask("www.elsewhere.", "A").rcode, "REFUSED");
    assert.deepEqual(ask("test.", "A").rcode, "REFUSED");
    assert.deepEqual(ask(".", "NS").rcode, "REFUSED");
  });

  test("follow aliases as far as they know them (RFC 1034 §3.6.2)", () => {
    assert.deepEqual(ask("chain.example.test.", "A").answers, [
      "chain 100 CNAME alias",
      "alias 100 CNAME www",
      "www 100 A 10.0.0.1",
      "www 100 A 10.0.0.2",
    ]);
    assert.deepEqual(ask("chain.example.test.", "CNAME").answers, ["chain 100 CNAME alias"]);
    assert.deepEqual(ask("away.example.test.", "A"), {
      rcode: "NOERROR AA",
      answers: ["away 100 CNAME www.elsewhere."],
      authorities: [],
      additionals: [],
    });
    assert.deepEqual(ask("circle.example.test.", "A").answers, ["circle 100 CNAME elcric", "elcric 100 CNAME circle"]);
  });

  test("say of an alias how it is at its end (RFC 2308 §2.1)", () => {
    const gone = ask("gone.example.test.", "A");
    assert.deepEqual(
      [gone.rcode, gone.answers, gone.authorities],
      ["NXDOMAIN AA", ["gone 100 CNAME not.there"], NEGATIVE],
    );
    assert.equal(ask("alias.example.test.", "AAAA").rcode, "NOERROR AA");
    const into = ask("into.example.test.", "A");
    assert.deepEqual([into.rcode, into.answers.length, into.authorities.length], ["NOERROR AA", 1, 2]);
  });

  test("send addresses along that will be asked for (RFC 1035 §3.3.9, RFC 2782)", () => {
    assert.deepEqual(ask("example.test.", "MX").additionals, ["mail 100 A 10.0.0.25", "mail 100 AAAA 2001:db8::25"]);
    assert.deepEqual(ask("example.test.", "NS").additionals, ["ns 100 A 10.0.0.53"]);
    assert.deepEqual(ask("_sip._tcp.example.test.", "SRV").additionals, ["www 100 A 10.0.0.1", "www 100 A 10.0.0.2"]);
  });

  test("make records of a wildcard for names that are not there (RFC 4592 §2.2.1, §3.3.1)", () => {
    assert.deepEqual(ask("a.wild.example.test.", "A").answers, ["a.wild 100 A 10.0.0.4"]);
    assert.deepEqual(ask("A.b.wild.example.test.", "A").answers, ["A.b.wild 100 A 10.0.0.4"]);
    assert.deepEqual(ask("a.wild.example.test.", "MX").additionals.length, 2);
    assert.deepEqual(ask("a.wild.example.test.", "TXT").rcode, "NOERROR AA");
    assert.deepEqual(ask("*.wild.example.test.", "A").answers, ["*.wild 100 A 10.0.0.4"]);
    assert.deepEqual(ask("there.wild.example.test.", "A").authorities, NEGATIVE, "what is there is not made");
    assert.deepEqual(ask("x.there.wild.example.test.", "A").rcode, "NXDOMAIN AA", "nor what is below it");
    assert.deepEqual(ask("wild.example.test.", "A").rcode, "NOERROR AA", "nor the wildcard's own parent");
    assert.deepEqual(ask("there.wild2.example.test.", "A").rcode, "NOERROR AA", "nor an empty name");
    assert.deepEqual(ask("x.wild2.example.test.", "A").answers[0], "x.wild2 100 CNAME www");
  });

  test("name those in charge below a cut, with their addresses, and not as an authority (RFC 1034 §4.2.1)", () => {
    const expected = {
      rcode: "NOERROR",
      answers: [],
      authorities: ["child 100 NS ns.child", "child 100 NS ns.elsewhere."],
      additionals: ["ns.child 100 A 10.0.1.53", "ns.child 100 AAAA 2001:db8::53"],
    };
    for (const below of ["child", "ns.child", "a.b.child"])
      assert.deepEqual(ask(`${below}.example.test.`, "A"), expected);
    assert.deepEqual(ask("child.example.test.", "NS"), expected);
    assert.deepEqual(ask("other.example.test.", "A").additionals, []);
    const needs = (text: string) => zones.answer({ name: name(text), type: "A", class: "IN" }).additionalsNeeded;
    assert.equal(needs("child.example.test."), true, "a server below the cut is not found without (RFC 9471 §3)");
    assert.equal(needs("other.example.test."), false);
    assert.equal(needs("example.test."), false);
    assert.deepEqual(ask("child.example.test.", "TYPE43").answers, ["child 100 TYPE43 \\# 1 00"], "DS is the parent's");
  });

  test("are asked by the closest that a name lies in", () => {
    assert.deepEqual(ask("x.inner.example.test.", "A").answers, ["x.inner 1 A 10.0.2.1"]);
    assert.equal(ask("y.inner.example.test.", "A").rcode, "NXDOMAIN AA");
  });
});

describe("a zone that is loaded", () => {
  test("begins with one SOA record, and has a name server", () => {
    assert.deepEqual(problems(""), ["f:1:1: there is no SOA record, with which a zone begins (RFC 1035 §5.2)"]);
    assert.deepEqual(problems(`${HEAD}@ SOA ns a 1 2 3 4 5\n`), [
      "f:6:1: there is more than one SOA record (RFC 1035 §5.2)",
    ]);
    assert.deepEqual(problems("x. 1 SOA a. b. 1 2 3 4 5\nns.x. A 10.0.0.1"), [
      "f:1:1: there is no NS record of x. (RFC 2181 §6.1)",
    ]);
  });

  test("holds nothing that lies elsewhere, and nothing but class IN", () => {
    assert.deepEqual(problems(`${HEAD}a.test. A 10.0.0.1\nb CH A 10.0.0.1\n`), [
      "f:6:1: a.test. does not lie in the zone example.test. (RFC 1035 §5.2)",
      "f:7:1: the class is CH, and only IN is served",
    ]);
  });

  test("has nothing beside an alias, and only one (RFC 2181 §10.1)", () => {
    assert.deepEqual(problems(`${HEAD}a CNAME ns\nA TXT x\nb CNAME ns\nb CNAME a\nc CNAME ns\nc CNAME NS\n`), [
      "f:7:1: A.example.test. is an alias (CNAME), and has other records as well (RFC 2181 §10.1)",
      "f:8:1: b.example.test. is an alias (CNAME), and has other records as well (RFC 2181 §10.1)",
    ]);
  });

  test("has every record once, and one TTL for each set (RFC 2181 §5.2)", () => {
    const loaded = zone(`${HEAD}a 5 A 10.0.0.1\nA 9 A 10.0.0.2\na A 10.0.0.1\n`);
    const finding = loaded.find(name("a.example.test."), "A");
    assert.deepEqual(finding.kind === "records" && finding.records.map((record) => formatRecord(record)), [
      "a.example.test. 5 IN A 10.0.0.1",
      "A.example.test. 5 IN A 10.0.0.2",
    ]);
  });
});
