import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeLatin1, encodeLatin1 } from "../../../base/latin1.ts";
import { type Field, Fields } from "./fields.ts";
import { MessageParser } from "./parser.ts";
import { CHUNK_END, formatChunkSize, formatLastChunk, formatRequestHead, formatResponseHead } from "./serialiser.ts";

const TCHARS = "!#$%&'*+-.^_`|~0123456789abcxyzABCXYZ";
const token = fc.string({ unit: fc.constantFrom(...TCHARS), minLength: 1, maxLength: 20 });
const octet = fc
  .integer({ min: 0x20, max: 0xff })
  .filter((code) => code !== 0x7f)
  .map((code) => String.fromCharCode(code));
const text = fc.string({ unit: fc.oneof(octet, fc.constant("\t")), maxLength: 30 });
/** Names that say nothing about the connection: those are added by each test. */
const field = fc.tuple(
  token.map((name) => `X-${name}`),
  text,
);
const fields = fc.array(field, { maxLength: 10 });
const target = fc
  .string({ unit: fc.constantFrom(...'/?&=;:@%20az|{}^"<>\\'), maxLength: 40 })
  .map((path) => `/${path}`);
const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 });

/** All that a parser tells of the bytes, cut at the places. */
function readAll(kind: "request" | "response", bytes: Uint8Array, cuts: readonly number[]) {
  const parser = new MessageParser(kind);
  let body = "";
  let trailers: Field[] = [];
  let ends = 0;
  let { head } = parser;
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let start = 0;
  for (const end of places) {
    const piece = bytes.slice(start, end);
    start = end;
    for (let pos = 0; ; ) {
      pos = parser.parse(piece, pos, piece.length);
      if (parser.event === "more") break;
      assert.notEqual(parser.event, "error", parser.failure?.code);
      if (parser.event === "body") body += decodeLatin1(piece, parser.bodyStart, parser.bodyEnd);
      if (parser.event === "end") {
        ends++;
        trailers = [...parser.trailers];
      }
      // What was given is gone, and what is still to be read must not lie in it.
      if (parser.event === "head") {
        piece.fill(0x58, 0, pos);
        head = parser.head;
      }
    }
    piece.fill(0x58);
  }
  assert.equal(ends, 1);
  return { head, trailers, body };
}

const clean = (list: readonly Field[]): Field[] =>
  list.map(([name, value]) => [name, value.replace(/^[ \t]+|[ \t]+$/g, "")]);

function chunked(pieces: readonly Uint8Array[], trailers: readonly Field[]): string {
  const written = pieces.map((piece) => formatChunkSize(piece.length) + decodeLatin1(piece) + CHUNK_END);
  return written.join("") + formatLastChunk(new Fields(trailers));
}

test("a request that was written is read as it was meant, wherever it is cut", () => {
  fc.assert(
    fc.property(token, target, fields, chunks, fields, fc.array(fc.nat(), { maxLength: 4 }), (...given) => {
      const [method, path, extra, pieces, trailers, cuts] = given;
      const all: Field[] = [["Host", "a"], ...extra, ["Transfer-Encoding", "chunked"]];
      const wire = encodeLatin1(formatRequestHead(method, path, new Fields(all)) + chunked(pieces, trailers));
      const { head, trailers: found, body } = readAll("request", wire, cuts);
      assert.deepEqual([head.method, head.target, head.form, head.framing], [method, path, "origin", "chunked"]);
      assert.deepEqual([...head.fields], clean(all));
      assert.deepEqual(found, clean(trailers));
      assert.equal(body, pieces.map((piece) => decodeLatin1(piece)).join(""));
    }),
  );
});

test("a response that was written is read as it was meant, wherever it is cut", () => {
  const content = fc.uint8Array({ minLength: 1, maxLength: 100 });
  const status = fc.integer({ min: 200, max: 999 }).filter((code) => code !== 204 && code !== 304);
  fc.assert(
    fc.property(status, text, fields, content, fc.array(fc.nat(), { maxLength: 4 }), (...given) => {
      const [code, reason, extra, bytes, cuts] = given;
      const all: Field[] = [...extra, ["Content-Length", String(bytes.length)]];
      const wire = encodeLatin1(formatResponseHead(code, reason, new Fields(all)) + decodeLatin1(bytes));
      const { head, body } = readAll("response", wire, cuts);
      assert.deepEqual([head.status, head.reason, head.framing], [code, reason, "length"]);
      assert.deepEqual([...head.fields], clean(all));
      assert.equal(body, decodeLatin1(bytes));
    }),
  );
});

test("no field, method, target or reason that a program may set writes a line of its own", () => {
  const evil = fc.string({
    unit: fc.oneof(octet, fc.constantFrom("\r", "\n", "\0", "\r\n", ":", "\u010a")),
    maxLength: 12,
  });
  fc.assert(
    fc.property(evil, evil, evil, evil, (method, path, name, value) => {
      let wire = "";
      try {
        wire = formatRequestHead(method, path, new Fields([[name, value]]));
      } catch (error) {
        assert.ok(error instanceof TypeError);
      }
      if (wire !== "") assert.match(wire, /^[^\r\n\0]+\r\n[^\r\n\0]+\r\n\r\n$/);
      try {
        wire = formatResponseHead(200, path, new Fields([["A", value]]));
      } catch (error) {
        assert.ok(error instanceof TypeError);
        return;
      }
      assert.match(wire, /^[^\r\n\0]+\r\n[^\r\n\0]+\r\n\r\n$/);
    }),
  );
});
