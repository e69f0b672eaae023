/** Names, messages and zones out of mutated bytes: read or refused, never thrown, and what is read can be written again. */
import assert from "node:assert/strict";
import test from "node:test";
import { message } from "../../src/application/dns/message.ts";
import { formatName, NAME_LIMIT, name, parseName } from "../../src/application/dns/name.ts";
import { readMessage } from "../../src/application/dns/read-message.ts";
import { formatRecord } from "../../src/application/dns/record-text.ts";
import { findingsOf } from "../../src/application/dns/resolver/findings.ts";
import { respond } from "../../src/application/dns/server/respond.ts";
import { writeMessage } from "../../src/application/dns/write-message.ts";
import { loadZone } from "../../src/application/dns/zone/load.ts";
import { parseMasterFile } from "../../src/application/dns/zone/master-file.ts";
import type { Zone } from "../../src/application/dns/zone/zone.ts";
import { Zones } from "../../src/application/dns/zone/zones.ts";
import { EXAMPLE, LARGE, ZONES } from "../interop/dns/zones.ts";
import { size } from "../size.ts";
import { fuzz } from "./fuzz.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const zones = new Zones(Object.values(ZONES).map((text) => loadZone(text, { file: "f" }).zone as Zone));
const options = { zones, udpBytes: 1232 };

const queries = [
  "www.example.test.",
  "chain.example.test.",
  "a.wild.example.test.",
  "host.child.example.test.",
  "b.large.test.",
]
  .flatMap((each) => (["A", "MX", "ANY"] as const).map((type) => ({ name: name(each), type, class: "IN" as const })))
  .map((question, id) => {
    const edns = { udpSize: 1232, version: 0, dnssecOk: true, options: [{ code: 10, data: new Uint8Array(8) }] };
    return writeMessage(message({ id, recursionDesired: true, questions: [question], edns }));
  });
const responses = queries.map((bytes) => respond(bytes, true, options)?.bytes as Uint8Array);

test("a message of mutated bytes is read or refused, and what is read is written and read the same", () => {
  let whole = 0;
  fuzz("dns message", [...queries, ...responses], (bytes) => {
    const read = readMessage(bytes);
    if (read === undefined || read.problem !== undefined) return;
    whole++;
    const { message: first } = read;
    const records = [...first.answers, ...first.authorities, ...first.additionals];
    for (const record of records) {
      assert.ok(record.name.length <= NAME_LIMIT);
      assert.equal(parseName(formatName(record.name)), record.name);
    }
    const again = readMessage(writeMessage(first));
    assert.deepEqual([again?.message, again?.problem], [first, undefined]);
    const [question] = first.questions;
    if (question !== undefined) findingsOf(first, question);
  });
  assert.ok(whole > 1000, `${whole} were messages still`);
});

test("a name server answers mutated queries with messages that are whole and not too long", () => {
  let answered = 0;
  fuzz("dns query", queries, (bytes) => {
    const response = respond(bytes, false, options);
    if (response === undefined) return;
    answered++;
    assert.ok(response.bytes.length <= 1232);
    const read = readMessage(response.bytes);
    assert.deepEqual([read?.problem, read?.message.response, read?.message.rcode], [undefined, true, response.rcode]);
  });
  assert.ok(answered > 1000);
});

test("pointers that lead to pointers are not followed for long", () => {
  /** A record whose name is the last of so many pointers, the others of which are the data of a record before. */
  const withPointers = (count: number): string | undefined => {
    const targets = [...Array(count).keys()].map((hop) => (hop === 0 ? 12 : 28 + 2 * (hop - 1)));
    const bytes = targets.flatMap((target) => [0xc0 | (target >> 8), target & 0xff]);
    const data = bytes.slice(0, -2);
    const head = [0, 1, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 1, 0, 1];
    const opaque = [0, 0xff, 0, 0, 1, 0, 0, 0, 0, data.length >> 8, data.length & 0xff, ...data];
    const last = [...bytes.slice(-2), 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    return readMessage(Uint8Array.from([...head, ...opaque, ...last]))?.problem;
  };
  assert.equal(withPointers(127), undefined);
  assert.equal(withPointers(128), "a name has too many pointers");
});

test("a master file of mutated text is read or has problems, and its records are written and read the same", () => {
  fuzz(
    "master file",
    [utf8(EXAMPLE), utf8(LARGE.slice(0, 2000))],
    (bytes) => {
      const text = new TextDecoder().decode(bytes);
      const { records, problems } = parseMasterFile(text, { file: "f" });
      const { zone, problems: wrong } = loadZone(text, { file: "f" });
      assert.equal(zone === undefined, wrong.length > 0);
      for (const { line, column } of problems) assert.ok(line >= 1 && column >= 1);
      for (const { record } of records.slice(0, 5)) {
        const again = parseMasterFile(formatRecord(record), { file: "f" });
        assert.deepEqual([again.records.map((each) => each.record), again.problems], [[record], []]);
      }
    },
    size(5_000, 200_000),
  );
});
