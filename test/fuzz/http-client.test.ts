/**
 * A server that answers with mutated responses, cut anywhere: the client ends each request, with an answer or a TypeError, gives
 * its connection back, and is served as before by the next.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { HttpClient } from "../../src/application/http/client/client.ts";
import { CookieJar } from "../../src/application/http/client/cookie-jar.ts";
import { Random } from "../../src/base/random.ts";
import { simulate } from "../../src/platform/node/testing.ts";
import { milliseconds, seconds } from "../../src/time/instant.ts";
import { network } from "../fixtures/http-scene.ts";
import { type Script, ScriptedServer } from "../fixtures/scripted-server.ts";
import { RESPONSE_SAMPLES } from "../http/samples.ts";
import { size } from "../size.ts";
import { Mutator } from "./mutator.ts";

const REQUESTS = size(600, 50_000);

const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");
const zipped = gzipSync("hello ".repeat(50));
const SAMPLES: readonly Uint8Array[] = [
  ...RESPONSE_SAMPLES,
  latin1("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 5\r\n\r\nmoved"),
  latin1("HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/; Max-Age=5\r\nContent-Length: 2\r\n\r\nok"),
  latin1(
    "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
  ),
  Buffer.concat([
    latin1(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n`),
    zipped,
  ]),
];

/** Good to one that asks for it, else a mutation in pieces; what the next is, and when it closes, is chance. */
function hostile(random: Random): Script {
  const mutator = new Mutator(SAMPLES, random);
  return async (connection) => {
    for (;;) {
      const request = await connection.request();
      if (request === undefined) return;
      if (request.target === "/good") {
        await connection.answer("200 OK", "good");
        continue;
      }
      const bytes = random.chance(0.2) ? (SAMPLES[random.below(SAMPLES.length)] as Uint8Array) : mutator.next();
      const cut = random.below(bytes.length + 1);
      if (cut > 0) await connection.send(bytes.subarray(0, cut));
      if (cut < bytes.length) await connection.send(bytes.subarray(cut));
      if (random.chance(0.5)) return;
    }
  };
}

test("the client survives whatever answers it", async () => {
  const random = new Random(1, "hostile server");
  await simulate({ network, limit: "24h" }, async ({ host }) => {
    const server = new ScriptedServer(hostile(random));
    host("server").run((context) => server.listen(context, 80).then(() => new Promise(() => {})));
    const outcomes = new Map<string, number>();
    const run = host("client").run(async (context) => {
      await context.clock.sleep(milliseconds(100));
      const limits = { headTimeout: seconds(2), idleTimeout: seconds(2) };
      const client = new HttpClient(context, { cookies: new CookieJar(context), pool: { perOrigin: 2 }, ...limits });
      for (let n = 0; n < REQUESTS; n++) {
        const method = ["GET", "GET", "HEAD", "POST"][n % 4] as string;
        const outcome = await client
          .fetch("http://10.0.0.2/bad", { method, body: method === "POST" ? "x" : null })
          .then(async (response) => `${response.status >= 200} ${(await response.bytes()).length >= 0}`)
          .catch((error: unknown) => {
            assert.ok(error instanceof Error, String(error));
            return (error.cause as { code?: string })?.code ?? (error as { code?: string }).code ?? error.name;
          });
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        if (n % 20 === 19) {
          const good = new HttpClient(context);
          assert.equal(await (await good.fetch("http://10.0.0.2/good")).text(), "good");
          await good.close();
        }
        const { connections, resting, waiting } = client.snapshot();
        assert.deepEqual([connections - resting, waiting], [0, 0], `request ${n} left a connection behind: ${outcome}`);
      }
      await client.close();
    });
    await run.ended;
    assert.equal(run.state, "done", (run.error as Error | undefined)?.stack);
    const kinds = [...outcomes.keys()].sort().join(", ");
    assert.ok(outcomes.size > 5 && (outcomes.get("true true") ?? 0) > REQUESTS / 20, kinds);
    assert.deepEqual(
      server.failures.filter((error) => !/not a request/.test(String(error))),
      [],
    );
  });
});
