import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ScriptError } from "./errors.ts";
import { HEAD_LIMIT, type ScriptHead, ScriptHeadReader } from "./head.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const read = (text: string): ScriptHead | undefined => new ScriptHeadReader().read(bytesOf(text))?.head;
const refuses = (text: string, why: RegExp): void => assert.throws(() => read(text), why);

describe("the head of a script's answer", () => {
  test("a document is 200 unless the script says otherwise (RFC 3875 §6.2.1)", () => {
    assert.deepEqual(read("Content-Type: text/plain\n\n"), {
      status: 200,
      reason: "",
      fields: [["Content-Type", "text/plain"]],
      localRedirect: undefined,
    });
    const { status, reason, fields } = read("status: 404 Not here\r\ncontent-type:text/html\r\n\r\n") ?? {};
    assert.deepEqual([status, reason, fields], [404, "Not here", [["content-type", "text/html"]]]);
  });

  test("a path in Location is a local redirect, a URI one of the client (RFC 3875 §6.2.2–6.2.4)", () => {
    assert.equal(read("Location: /other?x=1\n\n")?.localRedirect, "/other?x=1");
    const client = read("Location: http://elsewhere.test/\n\n");
    assert.deepEqual([client?.status, client?.localRedirect], [302, undefined]);
    assert.equal(read("Location: //elsewhere.test/\n\n")?.localRedirect, undefined);
    const own = read("Status: 303 See Other\nLocation: /other\n\n");
    assert.deepEqual([own?.status, own?.localRedirect, own?.fields], [303, undefined, [["Location", "/other"]]]);
  });

  test("each Set-Cookie is kept, and what is about the connection is not", () => {
    const head = read(
      "Set-Cookie: a=1\nSet-Cookie: b=2\nConnection: x\nTransfer-Encoding: chunked\nContent-Type: a/b\n\n",
    );
    assert.deepEqual(head?.fields, [
      ["Set-Cookie", "a=1"],
      ["Set-Cookie", "b=2"],
      ["Content-Type", "a/b"],
    ]);
  });

  test("the body begins where the head ends, whatever the pieces", () => {
    const text = "Status: 200 OK\r\nContent-Type: text/plain\r\n\r\nbody\n\n";
    fc.assert(
      fc.property(fc.integer({ min: 1, max: text.length }), (size) => {
        const reader = new ScriptHeadReader();
        for (let at = 0; at < text.length; at += size) {
          const found = reader.read(bytesOf(text.slice(at, at + size)));
          if (found !== undefined) return text.slice(at + found.body).startsWith("body");
        }
        return false;
      }),
    );
  });

  test("what is no head is refused", () => {
    refuses("\n", /without fields/);
    refuses("Traceback (most recent call last)\n\n", /no field/);
    refuses("X : y\n\n", /no field/);
    refuses("Status: 99\n\n", /status/);
    refuses("Status: 101 Switching\n\n", /status/);
    refuses("Status: 200\nStatus: 404\n\n", /two fields/);
    refuses("X-Y: a\rb\n\n", /control/);
    refuses("X-Y: a\0b\n\n", /control/);
    refuses(`X: ${"y".repeat(HEAD_LIMIT)}\n\n`, /more than 65536 bytes/);
    refuses("X: y\n".repeat(201), /more than 200 fields/);
  });

  test("nothing that a script writes makes it throw anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          new ScriptHeadReader().read(bytes);
        } catch (error) {
          assert.ok(error instanceof ScriptError);
        }
      }),
    );
  });
});
