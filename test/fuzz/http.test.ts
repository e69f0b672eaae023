/**
 * The HTTP parser survives mutated messages: nothing is thrown, it gets on, a cut changes nothing, and what it accepts
 * can be written again and is then read the same.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DEFAULT_LIMITS,
  formatRequestHead,
  formatResponseHead,
  type MessageHead,
  MessageParser,
} from "../../src/application/http/message/index.ts";
import { encodeLatin1 } from "../../src/base/latin1.ts";
import { Random } from "../../src/base/random.ts";
import { REQUEST_SAMPLES, RESPONSE_SAMPLES } from "../http/samples.ts";
import { size } from "../size.ts";
import { fuzz } from "./fuzz.ts";

const MESSAGES = size(40_000, 5_000_000);
/** One of so many is looked at closely. */
const CLOSELY = 10;

type Kind = "request" | "response";

/** Feeds the pieces, and gives what was found as a text: events, starts of heads, octets of content. */
function digest(kind: Kind, input: Uint8Array, cuts: readonly number[], heads?: MessageHead[]): string {
  const parser = new MessageParser(kind);
  let found = "";
  let content = 0;
  let start = 0;
  for (let piece = 0; piece <= cuts.length; piece++) {
    const end = cuts[piece] ?? input.length;
    let pos = start;
    for (;;) {
      const after = parser.parse(input, pos, end);
      assert.ok(after >= pos && after <= end);
      const { event, head } = parser;
      if (event === "more") {
        assert.equal(after, end);
        break;
      }
      if (event === "error") return `${found} ${content} ${parser.failure?.code}`;
      if (event === "body") {
        assert.ok(parser.bodyStart >= pos && parser.bodyEnd === after && parser.bodyStart < after);
        content += after - parser.bodyStart;
      } else {
        found += `${event} ${event === "head" ? `${head.method}${head.status}${head.framing}` : content} `;
        content = 0;
        if (event === "head") heads?.push(head);
      }
      pos = after;
    }
    start = end;
  }
  parser.close();
  return `${found} ${content} ${parser.event} ${parser.failure?.code}`;
}

/** What was read, written and read again. */
function checkAgain(kind: Kind, head: MessageHead): void {
  const text =
    kind === "request"
      ? formatRequestHead(head.method, head.target, head.fields, head.minor === 0 ? 0 : 1)
      : formatResponseHead(head.status, head.reason, head.fields);
  const bytes = encodeLatin1(text);
  const parser = new MessageParser(kind);
  parser.answers("GET");
  assert.equal(parser.parse(bytes, 0, bytes.length), bytes.length);
  if (kind === "response" && head.minor === 0) return; // it was written as HTTP/1.1, which has other rules
  assert.equal(parser.event, "head");
  const again = parser.head;
  assert.deepEqual([...again.fields], [...head.fields]);
  for (const key of ["method", "target", "status", "framing", "contentLength", "keepAlive", "upgrade"] as const) {
    assert.equal(again[key], head[key], key);
  }
}

for (const [kind, samples] of [
  ["request", REQUEST_SAMPLES],
  ["response", RESPONSE_SAMPLES],
] as const) {
  test(`mutated ${kind}s`, () => {
    const random = new Random(7, kind);
    let accepted = 0;
    let count = 0;
    fuzz(
      `http ${kind}s`,
      samples,
      (input) => {
        if (++count % CLOSELY !== 0) {
          digest(kind, input, []);
          return;
        }
        const heads: MessageHead[] = [];
        const whole = digest(kind, input, [], heads);
        const cuts = [random.below(input.length + 1), random.below(input.length + 1)].sort((a, b) => a - b);
        assert.equal(digest(kind, input, cuts), whole);
        for (const head of heads) checkAgain(kind, head);
        accepted += heads.length;
      },
      MESSAGES,
    );
    assert.ok(accepted > MESSAGES / CLOSELY / 10, `${accepted} heads were read`);
  });
}

test("no endless part of a message is taken without end", () => {
  const limits = Object.values(DEFAULT_LIMITS).filter((limit) => limit < 1e9);
  const most = limits.reduce((sum, limit) => sum + limit, 100);
  const chunked = "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const endless: readonly [Kind, string, string][] = [
    ["request", "", "\r\n"],
    ["request", "", "A"],
    ["request", "GET /", "a"],
    ["request", "GET / HTTP/1.1\r\n", "a"],
    ["request", "GET / HTTP/1.1\r\nA:", " "],
    ["request", "GET / HTTP/1.1\r\nA: ", "b"],
    ["request", "GET / HTTP/1.1\r\n", "A:\r\n"],
    ["request", chunked, "0"],
    ["request", `${chunked}1;`, " "],
    ["request", `${chunked}1;a="`, "b"],
    ["request", chunked, "1;a=b\r\nc\r\n"],
    ["request", `${chunked}0\r\n`, "A:\r\n"],
    ["request", `${chunked}0\r\nA: `, "b"],
    ["response", "HTTP/1.1 200 ", "a"],
    ["response", "HTTP/1.1 200\r\nA: b\r\n", " c\r\n"],
    ["response", "", "\r\n"],
  ];
  for (const [kind, start, more] of endless) {
    const parser = new MessageParser(kind);
    const piece = encodeLatin1(more);
    const feed = (bytes: Uint8Array) => {
      for (let pos = 0; ; ) {
        pos = parser.parse(bytes, pos, bytes.length);
        if (parser.event === "more" || parser.event === "error") return;
      }
    };
    feed(encodeLatin1(start));
    let taken = start.length;
    for (; parser.event !== "error" && taken < most; taken += piece.length) feed(piece);
    assert.equal(parser.event, "error", JSON.stringify([start, more]));
  }
});
