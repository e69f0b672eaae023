/** Any series of requests, cut anywhere, for handlers of every kind: each is answered, in order, and nothing is left open. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HttpScene } from "../../../../test/fixtures/http-server.ts";
import { size } from "../../../../test/size.ts";
import { milliseconds, seconds } from "../../../time/instant.ts";
import { type Handler, Response } from "../index.ts";

const encoder = new TextEncoder();

const HANDLERS = ["now", "later", "pieces", "slow-pieces", "read", "read-pieces", "unread"] as const;
const request: fc.Arbitrary<Asked> = fc.record({
  how: fc.constantFrom(...HANDLERS),
  framing: fc.constantFrom("none", "length", "chunked", "expect"),
  length: fc.constantFrom(0, 1, 10, 3_000, 70_000),
});

interface Asked {
  readonly how: (typeof HANDLERS)[number];
  readonly framing: "none" | "length" | "chunked" | "expect";
  readonly length: number;
}

const scene: HttpScene = await HttpScene.serve((request, info) => handler(request, info));
const { clock } = scene.context;

async function* inPieces(text: string, pause: number): AsyncGenerator<Uint8Array> {
  for (const letter of text) {
    if (pause > 0) await clock.sleep(milliseconds(pause));
    yield encoder.encode(letter);
  }
}

const handler: Handler = (request) => {
  const [, how, index] = request.target.split("/");
  const text = (what: string | number): string => `<${index}:${what}>`;
  switch (how) {
    case "now":
      return new Response(text(how));
    case "later":
      return clock.sleep(milliseconds(20)).then(() => new Response(text(how)));
    case "pieces":
      return new Response(inPieces(text(how), 0));
    case "slow-pieces":
      return new Response(inPieces(text(how), 3));
    case "read":
      return request.bytes().then((bytes) => new Response(text(bytes.length)));
    case "read-pieces":
      return count(request.pieces()).then((length) => new Response(text(length)));
    default:
      return new Response(text("unread"));
  }
};

async function count(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const piece of pieces) {
    await clock.sleep(milliseconds(1));
    length += piece.length;
  }
  return length;
}

function written({ how, framing, length }: Asked, index: number): string {
  const head = `${framing === "none" ? "GET" : "POST"} /${how}/${index} HTTP/1.1\r\nHost: a\r\n`;
  const body = "x".repeat(length);
  if (framing === "none") return `${head}\r\n`;
  if (framing === "length") return `${head}Content-Length: ${length}\r\n\r\n${body}`;
  // A client that does not wait for 100 (RFC 9110 §10.1.1).
  if (framing === "expect") return `${head}Expect: 100-continue\r\nContent-Length: ${length}\r\n\r\n${body}`;
  const chunk = length > 0 ? `${length.toString(16)}\r\n${body}\r\n` : "";
  return `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`;
}

function expected({ how, framing, length }: Asked, index: number): string {
  return `<${index}:${how.startsWith("read") ? (framing === "none" ? 0 : length) : how}>`;
}

/** Answers as a client understands them: bodies in order, chunks joined. */
function heard(text: string): string[] {
  const bodies: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const end = rest.indexOf("\r\n\r\n") + 4;
    const head = rest.slice(0, end);
    rest = rest.slice(end);
    if (head.startsWith("HTTP/1.1 100 ")) continue;
    const [, length] = /\r\nContent-Length: (\d+)/.exec(head) ?? [];
    let body = "";
    if (length !== undefined) {
      body = rest.slice(0, Number(length));
      rest = rest.slice(Number(length));
    } else {
      for (;;) {
        const line = rest.indexOf("\r\n");
        const size = Number.parseInt(rest.slice(0, line), 16);
        body += rest.slice(line + 2, line + 2 + size);
        rest = rest.slice(line + 4 + size);
        if (!(size > 0)) break;
      }
    }
    bodies.push(body);
  }
  return bodies;
}

/** Waits for what may need virtual time: room to send, when several pieces came at once. */
async function whileTimePasses(sending: Promise<unknown>): Promise<void> {
  let waits = true;
  const done = sending.finally(() => {
    waits = false;
  });
  done.catch(() => {}); // told at the end
  for (let turn = 0; waits && turn < 10; turn++) await undefined;
  for (let turn = 0; waits && turn < 1_000; turn++) await scene.lan.run(milliseconds(10));
  assert.ok(!waits, "nothing is taken");
  await done;
}

test("any series of requests is answered in order, however it is cut, though the client sends its end with the last", async () => {
  const cuts = fc.array(fc.record({ length: fc.integer({ min: 1, max: 30_000 }), rest: fc.boolean() }), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 6 }), cuts, async (all, pieces) => {
      // A body of unread expectation ends the connection, as it may: none of those here.
      const asked = all.map((each) =>
        each.framing === "expect" && !each.how.startsWith("read") ? { ...each, length: 0 } : each,
      );
      const text = asked.map(written).join("");
      const client = await scene.connect();
      let at = 0;
      let answer = "";
      for (const { length, rest } of pieces) {
        if (at < text.length) await whileTimePasses(client.socket.send(encoder.encode(text.slice(at, at + length))));
        at += length;
        if (rest) await scene.lan.run(milliseconds(30));
      }
      const sending = client.socket.send(encoder.encode(text.slice(at))).then(() => client.socket.shutdown("write"));
      for (let turn = 0; turn < 20 && !answer.endsWith("<end>"); turn++) {
        await scene.lan.run(seconds(0.5));
        answer += client.read();
      }
      await sending;
      assert.ok(answer.endsWith("<end>"), answer.slice(-200));
      assert.deepEqual(heard(answer.slice(0, -5)), asked.map(expected));
      await client.socket.close();
      await scene.lan.run(seconds(3));
      assert.equal(scene.lan.host("server").sockets.open.size, 1);
      assert.deepEqual(scene.log, []);
    }),
    { numRuns: size(60, 3_000) },
  );
});
