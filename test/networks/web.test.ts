/** The program web on a virtual host, and another host that fetches from it, in virtual time. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SiteDescription } from "../../src/application/http/index.ts";
import { HttpClient, type Response } from "../../src/application/http/index.ts";
import { web } from "../../src/application/http/web/program.ts";
import type { ProgramContext } from "../../src/application/program.ts";
import type { Instant } from "../../src/index.ts";
import type { Network } from "../../src/network/network.ts";
import { simulate } from "../../src/platform/node/testing.ts";
import { milliseconds, seconds } from "../../src/time/instant.ts";

const TEXT = "all work and no play ".repeat(5000);
const SITES: readonly SiteDescription[] = [
  {
    name: "main",
    files: { "index.html": "<h1>hello", "text.txt": TEXT, "thanks.html": "thanks" },
    compression: true,
    forms: [{ path: "/sign", redirect: "/thanks.html", cookie: { name: "visitor", field: "name" } }],
  },
];

const network = (built: Network): void => {
  built.host("server", { address: "10.0.0.1/24" });
  built.host("client", { address: "10.0.0.2/24" });
  built.cable("server", "client", { delay: "10ms", rate: "10Mbit/s" });
};

interface Scene {
  readonly fetch: (path: string, init?: Parameters<HttpClient["fetch"]>[1]) => Promise<Response>;
  readonly context: ProgramContext;
  /** Asks the server to stop. */
  readonly stop: () => void;
}

/** Lets a host fetch. @returns the log, and the moment at which it had ended */
async function browse(
  play: (scene: Scene) => Promise<void>,
  parameters: Partial<Parameters<typeof web.run>[1]> = {},
): Promise<{ log: string[]; end: Instant }> {
  const log: string[] = [];
  let end = 0 as Instant;
  await simulate({ network, seed: 7 }, async ({ network, host }) => {
    network.onLog(({ at, text }) => log.push(`${at} ${text}`));
    const server = network.start("server", web, { sites: SITES, ...parameters });
    const program = host("client").run(async (context) => {
      await context.clock.sleep(milliseconds(100));
      const client = new HttpClient(context);
      await play({
        context,
        stop: () => server.stop(),
        fetch: (path, init) => client.fetch(`http://10.0.0.1${path}`, init),
      });
      await client.close();
      server.stop();
    });
    await program.ended;
    assert.equal(program.error, undefined);
    await server.ended;
    assert.equal(server.state, "stopped", String(server.error));
    end = network.now;
  });
  return { log, end };
}

/** What a visitor does, as far as it shows. */
async function visit({ fetch }: Scene): Promise<void> {
  const first = await fetch("/");
  assert.equal(await first.text(), "<h1>hello");
  assert.equal(first.headers.get("date"), "Thu, 01 Jan 2026 00:00:00 GMT");
  const again = await fetch("/", { headers: { "If-None-Match": first.headers.get("etag") ?? "" } });
  assert.equal(again.status, 304);
  assert.equal(await (await fetch("/text.txt")).text(), TEXT);
  const part = await fetch("/text.txt", { headers: { Range: "bytes=4-7", "Accept-Encoding": "identity" } });
  assert.deepEqual([part.status, await part.text()], [206, "work"]);
  const form = await fetch("/sign", { method: "POST", body: new URLSearchParams({ name: "Zoë" }) });
  assert.deepEqual([form.url, await form.text()], ["http://10.0.0.1/thanks.html", "thanks"]);
}

describe("the web server on a virtual host", { timeout: 60_000 }, () => {
  test("serves pages, parts and forms, and tells them in its log", async () => {
    const { log } = await browse(visit);
    const told = log.map((line) => line.replace(/^\d+ /, ""));
    assert.equal(told[0], "Web server on 0.0.0.0:80");
    assert.equal(told[1], '10.0.0.2 - - [01/Jan/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 9 "-" "netarium"');
    assert.ok(told.includes('/sign was sent: name="Zoë"'), told.join("\n"));
    assert.ok(
      told.some((line) => / "POST \/sign HTTP\/1\.1" 303 - /.test(line)),
      told.join("\n"),
    );
  });

  test("compresses while virtual time stands still: two runs agree to the nanosecond", async () => {
    const [first, second] = [await browse(visit), await browse(visit)];
    assert.deepEqual(first, second);
  });

  test("limits how often an address asks", async () => {
    await browse(
      async ({ fetch, context }) => {
        const statuses = [];
        for (let count = 0; count < 4; count++) statuses.push((await fetch("/")).status);
        assert.deepEqual(statuses, [200, 200, 429, 429]);
        await context.clock.sleep(seconds(1));
        assert.equal((await fetch("/")).status, 200);
      },
      { rate: 1, burst: 2 },
    );
  });

  test("lets an answer end when it is asked to stop, and takes no more", async () => {
    await browse(async ({ fetch, stop, context }) => {
      const response = await fetch("/text.txt", { headers: { "Accept-Encoding": "identity" } });
      stop();
      await context.clock.sleep(milliseconds(20));
      await assert.rejects(fetch("/"), TypeError);
      assert.equal((await response.text()).length, TEXT.length);
    });
  });
});
