import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { HttpClient } from "../../src/application/http/client/client.ts";
import { Random } from "../../src/base/random.ts";
import { simulate } from "../../src/platform/node/testing.ts";
import { milliseconds } from "../../src/time/instant.ts";
import { network } from "../fixtures/http-scene.ts";
import { forEach, ScriptedServer } from "../fixtures/scripted-server.ts";

const page = Buffer.from(Array.from({ length: 200_000 }, (_, n) => `${n % 977} `).join(""));
const PACKED: Readonly<Record<string, Buffer>> = { gzip: gzipSync(page), br: brotliCompressSync(page) };

const site = forEach(async (connection, { target }) => {
  const coding = target.slice(1);
  const body = PACKED[coding] as Buffer;
  await connection.send(`HTTP/1.1 200 OK\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`);
  await connection.send(body);
});

/** When each page was there, in virtual time, while other clients come and go. */
async function run(): Promise<string[]> {
  const events: string[] = [];
  await simulate({ network, seed: 3 }, async ({ host }) => {
    const server = new ScriptedServer(site);
    host("server").run((context) => server.listen(context, 80).then(() => new Promise(() => {})));
    const run = host("client").run(async (context) => {
      const { clock } = context;
      await clock.sleep(milliseconds(100));
      const client = new HttpClient(context, { pool: { perOrigin: 3 } });
      const random = new Random(7);
      const visit = async (n: number): Promise<void> => {
        await clock.sleep(milliseconds(random.below(30)));
        const response = await client.fetch(`http://10.0.0.2/${n % 2 ? "gzip" : "br"}`);
        events.push(`${n} begins at ${clock.now()}`);
        for await (const piece of response.pieces()) if (piece.length < 1000) events.push(`${n} +${piece.length}`);
        events.push(`${n} ends at ${clock.now()}`);
      };
      await Promise.all(Array.from({ length: 12 }, (_, n) => visit(n)));
      await client.close();
    });
    await run.ended;
    assert.equal(run.state, "done", String(run.error));
  });
  return events;
}

test("pages that are expanded outside the network come at the same virtual times in every run", async () => {
  const first = await run();
  assert.ok(first.length >= 24);
  assert.deepEqual(await run(), first);
});
