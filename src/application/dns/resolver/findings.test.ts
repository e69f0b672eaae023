import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { a, cname, ns, soa } from "../../../../test/fixtures/name-servers.ts";
import { type Message, message } from "../message.ts";
import { formatName, name } from "../name.ts";
import type { Question } from "../record.ts";
import { formatData } from "../record-text.ts";
import { findingsOf } from "./findings.ts";

const WWW: Question = { name: name("www.test."), type: "A", class: "IN" };

/** What a response tells: `"www.test. A 10.0.0.1"`. */
const told = (given: Partial<Message>): string[] | undefined =>
  findingsOf(message({ id: 1, response: true, recursionAvailable: true, ...given }), WWW)?.map(
    ({ name: of, type, finding }) =>
      `${formatName(of)} ${type} ${finding.kind === "records" ? finding.records.map(formatData).join() : finding.kind}`,
  );

describe("a response", () => {
  test("tells the aliases and what is at their end, in whatever order they stand", () => {
    const answers = [a("end.test.", "10.0.0.1"), cname("www.test.", "end.test."), a("END.test.", "10.0.0.2")];
    assert.deepEqual(told({ answers }), ["www.test. CNAME end.test.", "end.test. A 10.0.0.1,10.0.0.2"]);
  });

  test("tells nothing of other names, types and classes", () => {
    const other = [a("other.test.", "10.6.6.6"), { ...a("www.test.", "10.6.6.6"), class: "CH" as const }];
    assert.deepEqual(told({ answers: [...other, a("www.test.", "10.0.0.1")] }), ["www.test. A 10.0.0.1"]);
    assert.deepEqual(told({ answers: other, authorities: [soa("test.")] }), ["www.test. A no-data"]);
  });

  test("tells that there is nothing by its code, its SOA record, or its silence (RFC 2308 §2.2)", () => {
    assert.deepEqual(told({ rcode: "NXDOMAIN", authorities: [soa("test.")] }), ["www.test. A no-name"]);
    assert.deepEqual(told({ rcode: "NXDOMAIN" }), ["www.test. A no-name"]);
    assert.deepEqual(told({ authorities: [soa("test.")] }), ["www.test. A no-data"]);
    assert.deepEqual(told({}), ["www.test. A no-data"]);
    assert.deepEqual(told({ recursionAvailable: false, authoritative: true }), ["www.test. A no-data"]);
    assert.deepEqual(told({ recursionAvailable: false }), undefined, "of one who neither knows nor asks");
    assert.deepEqual(told({ authorities: [ns("test.", "elsewhere.")] }), undefined, "a delegation");
    const both = [ns("test.", "elsewhere."), soa("test.")];
    assert.deepEqual(told({ authorities: both }), ["www.test. A no-data"]);
  });

  test("is about the end of the aliases (RFC 2308 §2.1), and leaves open what it does not know", () => {
    const answers = [cname("www.test.", "end.other.")];
    assert.deepEqual(told({ answers, rcode: "NXDOMAIN" }), ["www.test. CNAME end.other.", "end.other. A no-name"]);
    assert.deepEqual(told({ answers, authorities: [soa("other.")] }), [
      "www.test. CNAME end.other.",
      "end.other. A no-data",
    ]);
    assert.deepEqual(told({ answers, authorities: [soa("test.")] }), ["www.test. CNAME end.other."]);
    assert.deepEqual(told({ answers }), ["www.test. CNAME end.other."]);
  });

  test("of failure tells nothing", () => {
    for (const rcode of ["SERVFAIL", "REFUSED", "FORMERR", "NOTIMP"] as const) {
      assert.equal(told({ rcode, answers: [a("www.test.", "10.0.0.1")] }), undefined, rcode);
    }
  });
});
