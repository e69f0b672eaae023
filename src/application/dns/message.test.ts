import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { anyMessage } from "../../../test/fixtures/dns.ts";
import type { RecordType } from "./codes.ts";
import { type Message, message } from "./message.ts";
import { keyOf, LABEL_LIMIT, NAME_LIMIT, type Name, name, ROOT } from "./name.ts";
import { readMessage } from "./read-message.ts";
import type { Question, ResourceRecord } from "./record.ts";
import { writeMessage } from "./write-message.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));
const question = (text: string, type: Question["type"] = "A"): Question => ({ name: name(text), type, class: "IN" });
const a = (text: string, address = "10.0.0.1", ttl = 60): ResourceRecord => ({
  name: name(text),
  type: "A",
  class: "IN",
  ttl,
  data: { address },
});
const problemOf = (bytes: Uint8Array): string | undefined => readMessage(bytes)?.problem;

/** A header with one question and one answer, whose bytes follow. */
const HEAD = "1234 8180 0001 0001 0000 0000";
const WWW = "03777777 076578616d706c65 00";

describe("a DNS message", () => {
  test("that is written can be read", () => {
    fc.assert(
      fc.property(anyMessage(), (given) => {
        const read = readMessage(writeMessage(given));
        assert.equal(read?.problem, undefined);
        assert.deepEqual(read?.message, given);
      }),
    );
  });

  test("has its names compressed, in the question, as owners and in data (RFC 1035 §4.1.4)", () => {
    const given = message({
      id: 0x1234,
      response: true,
      recursionDesired: true,
      recursionAvailable: true,
      questions: [question("www.example.")],
      answers: [
        { name: name("www.example."), type: "CNAME", class: "IN", ttl: 5, data: { target: name("web.example.") } },
        a("web.example.", "192.0.2.1"),
      ],
    });
    const expected = `${HEAD.replace("0001 0000 0000", "0002 0000 0000")} ${WWW} 0001 0001
      c00c 0005 0001 00000005 0006 03776562 c010
      c029 0001 0001 0000003c 0004 c0000201`;
    assert.deepEqual(writeMessage(given), hex(expected));
  });

  test("has no pointers in data of types that came later (RFC 3597 §4, RFC 2782), but leads pointers there", () => {
    const target = name("www.example.");
    const data = { priority: 1, weight: 2, port: 3, target };
    const srv: ResourceRecord = { name: target, type: "SRV", class: "IN", ttl: 1, data };
    const bytes = writeMessage(message({ id: 1, questions: [question("www.example.")], answers: [srv] }));
    assert.ok(
      Buffer.from(bytes)
        .toString("hex")
        .endsWith(`000100020003${WWW.replaceAll(" ", "")}`),
    );
  });

  test("with pointers everywhere is read, in names of every type", () => {
    const bytes = hex(`${HEAD} ${WWW} 0001 0001 c00c 0021 0001 00000005 0008 0001 0002 0003 c010`);
    const { message: read, problem } = readMessage(bytes) ?? {};
    assert.equal(problem, undefined);
    assert.deepEqual(read?.answers[0]?.data, { priority: 1, weight: 2, port: 3, target: name("example.") });
  });

  test("whose pointers lead nowhere, forward or in a circle is refused", () => {
    const withOwner = (owner: string) => hex(`${HEAD} ${WWW} 0001 0001 ${owner} 0001 0001 00000005 0004 0a000001`);
    assert.equal(problemOf(withOwner("c00c")), undefined);
    assert.equal(problemOf(withOwner("c01d")), "a pointer does not lead back", "to itself");
    assert.equal(problemOf(withOwner("c0ff")), "a pointer does not lead back", "behind the end");
    assert.equal(problemOf(withOwner("0161 c01d")), "a pointer does not lead back", "to the beginning of its own name");
    assert.notEqual(problemOf(withOwner("c000")), undefined, "into the header, which is no name");
    assert.equal(problemOf(hex(`1234 0100 0001 0000 0000 0000 c00c 0001 0001`)), "a pointer does not lead back");
  });

  test("with a label of 63 bytes and a name of 255 is read, and with one byte more refused (RFC 1035 §2.3.4)", () => {
    const label = (length: number) => Buffer.concat([Buffer.of(length), Buffer.alloc(length, 0x61)]);
    const of = (...lengths: number[]) =>
      Buffer.concat([hex("1234 0100 0001 0000 0000 0000"), ...lengths.map(label), hex("00 0001 0001")]);
    const longest = readMessage(of(LABEL_LIMIT, LABEL_LIMIT, LABEL_LIMIT, 61))?.message.questions[0]?.name;
    assert.equal(longest?.length, NAME_LIMIT);
    assert.equal(problemOf(of(LABEL_LIMIT, LABEL_LIMIT, LABEL_LIMIT, 62)), "a name is longer than 255 bytes");
    assert.equal(problemOf(of(64)), "a label of a kind that is not known");
  });

  test("that ends too early anywhere, or goes on behind its end, is refused", () => {
    const whole = hex(`${HEAD} ${WWW} 0001 0001 c00c 0001 0001 00000005 0004 0a000001`);
    assert.equal(problemOf(whole), undefined);
    for (let length = 12; length < whole.length; length++) {
      assert.notEqual(problemOf(whole.subarray(0, length)), undefined, `${length} bytes`);
    }
    for (let length = 0; length < 12; length++) assert.equal(readMessage(whole.subarray(0, length)), undefined);
    assert.equal(problemOf(Uint8Array.from([...whole, 0])), "there is more behind the last record");
  });

  test("whose records are longer or shorter than their data, or of a type that only a question has, is refused", () => {
    const withData = (type: string, data: string) => {
      const length = (data.replaceAll(" ", "").length / 2).toString(16).padStart(4, "0");
      return problemOf(hex(`${HEAD} ${WWW} 0001 0001 c00c ${type} 0001 00000005 ${length} ${data}`));
    };
    assert.equal(withData("0001", "0a000001"), undefined);
    assert.equal(withData("0001", "0a0000"), "it ends too early");
    assert.equal(withData("0001", "0a00000101"), "there is more in a A record than belongs there");
    assert.equal(withData("0010", ""), "it ends too early", "TXT has at least one text (RFC 1035 §3.3.14)");
    assert.equal(withData("0010", "00"), undefined);
    assert.equal(withData("0005", "c00c"), undefined);
    assert.equal(withData("0005", "c00c 00"), "there is more in a CNAME record than belongs there");
    assert.equal(withData("00ff", ""), "a record cannot be of type ANY");
    assert.equal(withData("ff01", ""), undefined, "any data of an unknown type (RFC 3597 §3)");
  });

  test("may have one OPT record, of the root's name, in the last section alone (RFC 6891 §6.1)", () => {
    const header = (counts: string) => `1234 0100 0000 ${counts}`;
    const opt = "00 0029 04d0 00 00 8000 0000";
    const read = readMessage(hex(`${header("0000 0000 0001")} ${opt}`));
    assert.deepEqual(read?.message.edns, { udpSize: 1232, version: 0, dnssecOk: true, options: [] });
    assert.notEqual(problemOf(hex(`${header("0000 0000 0002")} ${opt} ${opt}`)), undefined);
    assert.notEqual(problemOf(hex(`${header("0000 0000 0001")} 0161 ${opt}`)), undefined);
    assert.notEqual(problemOf(hex(`${header("0001 0000 0000")} ${opt}`)), undefined);
    const bad = "00 0029 04d0 00 00 0000 0006 0003 0003 6161";
    assert.equal(problemOf(hex(`${header("0000 0000 0001")} ${bad}`)), "an EDNS option is longer than its record");
  });

  test("has the upper bits of its response code in the OPT record (RFC 6891 §6.1.3)", () => {
    const edns = { udpSize: 512, version: 0, dnssecOk: false, options: [] };
    const bytes = writeMessage(message({ id: 1, response: true, rcode: "BADVERS", edns }));
    assert.equal((bytes[3] as number) & 0xf, 0);
    assert.equal(readMessage(bytes)?.message.rcode, "BADVERS");
  });

  test("that is too long loses whole record sets, and says so (RFC 2181 §9)", () => {
    const answers = [...Array(10).keys()].map((n) => a("one.example.", `10.0.0.${n}`));
    const more = [...Array(40).keys()].map((n) => a("two.example.", `10.0.1.${n}`));
    const edns = { udpSize: 512, version: 0, dnssecOk: false, options: [] };
    const given = (sections: Partial<Message>) =>
      message({ id: 1, questions: [question("one.example.")], edns, ...sections });
    const written = (sections: Partial<Message>, additionalsNeeded = false) => {
      const bytes = writeMessage(given(sections), { limit: 512, additionalsNeeded });
      assert.ok(bytes.length <= 512);
      const read = readMessage(bytes);
      assert.equal(read?.problem, undefined);
      assert.deepEqual(read?.message.edns, edns);
      return read?.message as Message;
    };
    const cut = written({ answers: [...answers, ...more] });
    assert.deepEqual([cut.truncated, cut.answers], [true, answers]);
    const last = written({ answers: more, authorities: [a("three.example.", "10.0.2.1")] });
    assert.deepEqual(
      [last.truncated, last.answers, last.authorities],
      [true, [], []],
      "what came behind is nothing by itself",
    );
    const optional = written({ answers, additionals: more });
    assert.deepEqual([optional.truncated, optional.answers, optional.additionals], [false, answers, []]);
    const needed = written({ authorities: answers, additionals: more }, true);
    assert.deepEqual([needed.truncated, needed.authorities, needed.additionals], [true, answers, []]);
  });

  test("keeps a TTL past 2^31 from being one (RFC 2181 §8)", () => {
    const bytes = writeMessage(message({ id: 1, answers: [a("x.", "10.0.0.1", 2 ** 31)] }));
    assert.equal(readMessage(bytes)?.message.answers[0]?.ttl, 0);
  });

  test("keeps the case of names, and compresses none into one of another case", () => {
    const answers = [a("Www.Example."), a("www.example.")];
    const read = readMessage(writeMessage(message({ id: 1, answers })))?.message;
    assert.deepEqual(read?.answers, answers);
    assert.equal(keyOf(read?.answers[0]?.name as Name), read?.answers[1]?.name);
  });

  test("with opaque records keeps their bytes", () => {
    const type: RecordType = "TYPE65280";
    const record: ResourceRecord = {
      name: ROOT,
      type,
      class: "CLASS7",
      ttl: 1,
      data: { bytes: Uint8Array.of(1, 2, 3) },
    };
    assert.deepEqual(readMessage(writeMessage(message({ id: 1, answers: [record] })))?.message.answers, [record]);
  });
});
