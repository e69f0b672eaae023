/** An HTTP server and an HTTP client survive what the other end gets wrong, and do well afterwards. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Handler, HttpError, Response, StatusError } from "../../src/application/http/index.ts";
import { MessageParser } from "../../src/application/http/message/index.ts";
import { decodeLatin1, encodeLatin1 } from "../../src/base/latin1.ts";
import { Random } from "../../src/base/random.ts";
import { milliseconds, seconds } from "../../src/time/instant.ts";
import { scene, URL1 } from "../fixtures/http-scene.ts";
import { HttpScene } from "../fixtures/http-server.ts";
import type { Script } from "../fixtures/scripted-server.ts";
import type { RawClient } from "../fixtures/virtual-lan.ts";
import { REQUEST_SAMPLES, RESPONSE_SAMPLES } from "../http/samples.ts";
import { size } from "../size.ts";
import { mutatorOf } from "./fuzz.ts";

const REQUESTS = size(2_000, 50_000);
const RESPONSES = size(400, 20_000);
/** A server or client that has lived through so many is looked at, and a new one takes the rest. */
const EACH = 400;

async function* echo(body: AsyncIterable<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (body !== null) for await (const bytes of body) yield bytes;
}

/** What programs do with requests: read, stream, ignore, refuse, leave HTTP. */
const handler: Handler = async (request, info) => {
  if (request.method === "CONNECT" || request.headers.get("upgrade") === "websocket") {
    try {
      return info.upgrade({}, async (socket) => void (await socket.recv(10)));
    } catch {
      return new Response("not so", { status: 426, headers: { Upgrade: "websocket" } });
    }
  }
  if (request.target.startsWith("/form")) return new Response(await request.text());
  if (request.target.startsWith("/x")) return new Response(echo(request.body as AsyncIterable<Uint8Array> | null));
  if (request.target.startsWith("/a")) throw new StatusError(422, "by design");
  return new Response("ignored");
};

/** Whether an answer can be read, as far as it goes: none is to a method that has no content in its answers. */
function checkAnswer(answer: string, input: string): void {
  if (/HEAD|CONNECT|Upgrade/i.test(input)) return;
  const bytes = encodeLatin1(answer);
  const parser = new MessageParser("response");
  for (let pos = 0; ; ) {
    pos = parser.parse(bytes, pos, bytes.length);
    if (parser.event === "more") return;
    assert.notEqual(parser.event, "error", `${parser.failure?.code}: ${answer}`);
  }
}

/** What has come, an octet a character. */
function heard({ socket }: RawClient): { text: string; over: boolean } {
  const into = new Uint8Array(65_536);
  for (let text = ""; ; ) {
    const count = socket.read(into);
    if (typeof count === "string" || count === 0) return { text, over: count !== "EAGAIN" };
    text += decodeLatin1(into, 0, count);
  }
}

test("a server that is sent mutated requests, in one piece or two", async () => {
  const mutator = mutatorOf("http server", REQUEST_SAMPLES);
  const random = new Random(2, "http server");
  for (let done = 0; done < REQUESTS; done += EACH) {
    const made = await HttpScene.serve(handler, { rateTime: seconds(1), headTime: seconds(1) });
    for (let n = 0; n < EACH; n++) {
      const input = mutator.next();
      const text = Buffer.from(input).toString("latin1");
      const client = await made.connect();
      const cut = random.below(input.length + 1);
      if (cut > 0) await client.say(input.subarray(0, cut), milliseconds(5));
      const early = heard(client);
      if (cut < input.length && !early.over) await client.say(input.subarray(cut), milliseconds(5));
      checkAnswer(early.text + heard(client).text, text);
      // Some go at once, some stay and are cut off.
      if (n % 3 > 0) void client.socket.close();
    }
    await made.lan.run(seconds(60));
    assert.match(
      await made.ask("POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok"),
      /^HTTP\/1.1 200 .*\r\n\r\nok$/s,
    );
    assert.deepEqual(
      made.log.filter((line) => !line.includes("Error: the body is cut short")),
      [],
    );
  }
});

test("a client that is answered by mutated responses", async () => {
  const mutator = mutatorOf("http client", RESPONSE_SAMPLES);
  for (let done = 0; done < RESPONSES; done += EACH) {
    let sound = false;
    const script: Script = async (connection) => {
      for (;;) {
        if ((await connection.request()) === undefined) return;
        if (sound) {
          await connection.answer("200 OK", "sound");
          continue;
        }
        await connection.socket.send(mutator.next());
        if (Math.max(1, mutator.next().length) % 3 > 0) return;
      }
    };
    await scene(script, async ({ client, context }) => {
      let read = 0;
      for (let n = 0; n < EACH; n++) {
        const giveUp = new AbortController();
        const timer = context.clock.after(seconds(5), () => giveUp.abort());
        try {
          const response = await client.fetch(URL1, { signal: giveUp.signal, redirect: "manual" });
          await response.text();
          read++;
        } catch (error) {
          assert.ok(error instanceof TypeError || error instanceof HttpError || giveUp.signal.aborted, String(error));
        }
        timer();
      }
      assert.ok(read > EACH / 10, `${read} were read`);
      sound = true;
      await context.clock.sleep(seconds(300));
      assert.equal(await (await client.fetch(URL1)).text(), "sound");
    });
  }
});
