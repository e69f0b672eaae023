import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { anyMessage } from "../../../../test/fixtures/dns.ts";
import { type Message, message } from "../message.ts";
import { name } from "../name.ts";
import { readMessage } from "../read-message.ts";
import type { Question } from "../record.ts";
import { writeMessage } from "../write-message.ts";
import { loadZone } from "../zone/load.ts";
import type { Zone } from "../zone/zone.ts";
import { Zones } from "../zone/zones.ts";
import { respond } from "./respond.ts";

const LINES = [..."0123456789"].map((digit) => `big TXT "${digit.repeat(200)}"`).join("\n");
const TEXT = `$ORIGIN test.\n$TTL 100\n@ SOA ns a 1 2 3 4 50\n@ NS ns\nns A 10.0.0.53\nwww A 10.0.0.1\n${LINES}\n`;
const zones = new Zones([loadZone(TEXT, { file: "f" }).zone as Zone]);
const options = { zones, udpBytes: 1232 };
const WWW: Question = { name: name("www.test."), type: "A", class: "IN" };
const EDNS = { udpSize: 4096, version: 0, dnssecOk: false, options: [] };

const answerTo = (bytes: Uint8Array, overTcp = false): Message | undefined => {
  const response = respond(bytes, overTcp, options);
  if (response === undefined) return undefined;
  const read = readMessage(response.bytes);
  assert.equal(read?.problem, undefined);
  assert.equal(read?.message.rcode, response.rcode);
  return read?.message;
};
const ask = (given: Partial<Message>, overTcp = false) =>
  answerTo(writeMessage(message({ id: 7, questions: [WWW], ...given })), overTcp) as Message;

describe("a name server answers", () => {
  test("with the number, the question and what was wished for, and never as one who asks others", () => {
    const response = ask({ recursionDesired: true, checkingDisabled: true });
    const {
      id,
      response: isResponse,
      questions,
      rcode,
      recursionDesired,
      recursionAvailable,
      checkingDisabled,
    } = response;
    assert.deepEqual(
      { id, isResponse, questions, rcode, recursionDesired, recursionAvailable, checkingDisabled },
      {
        ...{ id: 7, isResponse: true, questions: [WWW], rcode: "NOERROR", recursionDesired: true },
        ...{ recursionAvailable: false, checkingDisabled: true },
      },
    );
    assert.equal(response.edns, undefined, "no EDNS for who does not know it (RFC 6891 §6.1.1)");
    assert.equal(ask({ recursionDesired: false }).recursionDesired, false);
  });

  test("EDNS with its own size and version, and DO as it was asked (RFC 6891 §6.1.1, RFC 3225 §3)", () => {
    const edns = { ...EDNS, dnssecOk: true, options: [{ code: 10, data: new Uint8Array(8) }] };
    assert.deepEqual(ask({ edns }).edns, { udpSize: 1232, version: 0, dnssecOk: true, options: [] });
    const bad = ask({ edns: { ...EDNS, version: 1 } });
    assert.deepEqual([bad.rcode, bad.edns?.version, bad.answers], ["BADVERS", 0, []]);
  });

  test("no responses, and nothing that has no header", () => {
    assert.equal(answerTo(writeMessage(message({ id: 7, questions: [WWW], response: true }))), undefined);
    for (let length = 0; length < 12; length++) assert.equal(answerTo(new Uint8Array(length)), undefined);
  });

  test("FORMERR to what cannot be read, and to no question or several (RFC 9619)", () => {
    const whole = writeMessage(message({ id: 7, questions: [WWW] }));
    for (let length = 12; length < whole.length; length++) {
      const response = answerTo(whole.subarray(0, length));
      assert.deepEqual([response?.id, response?.rcode, response?.questions], [7, "FORMERR", []], `${length} bytes`);
    }
    assert.equal(ask({ questions: [] }).rcode, "FORMERR");
    assert.equal(ask({ questions: [WWW, WWW] }).rcode, "FORMERR");
    assert.equal(ask({ questions: [{ ...WWW, type: "OPT" }] }).rcode, "FORMERR");
  });

  test("NOTIMP to what it does not do, also where the rest makes no sense to it", () => {
    for (const opcode of ["IQUERY", "STATUS", "NOTIFY", "UPDATE", "OPCODE9"] as const) {
      assert.equal(ask({ opcode }).rcode, "NOTIMP", opcode);
    }
    const update = writeMessage(message({ id: 7, opcode: "UPDATE", questions: [WWW] }));
    assert.equal(answerTo(Uint8Array.from([...update, 1, 2, 3]))?.rcode, "NOTIMP");
    for (const type of ["AXFR", "IXFR", "MAILA", "MAILB"] as const) {
      assert.equal(ask({ questions: [{ ...WWW, type }] }).rcode, "NOTIMP", type);
    }
  });

  test("REFUSED in other classes and outside its zones", () => {
    assert.equal(ask({ questions: [{ ...WWW, class: "CH" }] }).rcode, "REFUSED");
    assert.equal(ask({ questions: [{ ...WWW, class: "ANY" }] }).rcode, "REFUSED");
    assert.equal(ask({ questions: [{ ...WWW, name: name("example.") }] }).rcode, "REFUSED");
  });

  test("on UDP no more than the client takes, nor than 1,232 bytes, and on TCP all (RFC 6891 §6.2.5, RFC 7766 §5)", () => {
    const questions = [{ ...WWW, name: name("big.test."), type: "TXT" as const }];
    const length = (given: Partial<Message>, overTcp = false) =>
      respond(writeMessage(message({ id: 7, questions, ...given })), overTcp, options)?.bytes.length ?? 0;
    assert.deepEqual([ask({ questions }).truncated, ask({ questions }).answers], [true, []]);
    assert.equal(ask({ questions, edns: EDNS }).truncated, true);
    assert.ok(length({}) <= 512 && length({ edns: EDNS }) <= 1232);
    assert.ok(length({ edns: { ...EDNS, udpSize: 0 } }) <= 512);
    const whole = ask({ questions }, true);
    assert.deepEqual([whole.truncated, whole.answers.length], [false, 10]);
    const small = respond(writeMessage(message({ id: 7, questions, edns: EDNS })), false, { zones, udpBytes: 4096 });
    assert.ok((small?.bytes.length ?? 0) > 2000);
  });

  test("whatever it is asked", () => {
    fc.assert(
      fc.property(anyMessage(), fc.boolean(), (given, overTcp) => {
        const bytes = writeMessage(given);
        const response = respond(bytes, overTcp, options);
        assert.equal(response === undefined, given.response);
        if (!overTcp && response !== undefined) {
          assert.ok(response.bytes.length <= Math.max(512, Math.min(1232, given.edns?.udpSize ?? 512)));
        }
      }),
    );
  });
});
