/** The web server on a virtual host, by HTTPS, and our client at it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HttpClient } from "../../src/application/http/client/client.ts";
import { CookieJar } from "../../src/application/http/client/cookie-jar.ts";
import { type WebParameters, web } from "../../src/application/http/web/program.ts";
import type { ProgramContext } from "../../src/application/program.ts";
import { Network } from "../../src/network/network.ts";
import { simulate } from "../../src/platform/node/testing.ts";
import { SocketError } from "../../src/socket/socket.ts";
import { seconds } from "../../src/time/instant.ts";
import { runLoopOf } from "../support/run-loop.ts";

const FORM = { path: "/sign", redirect: "/thanks.html", cookie: { name: "visitor", field: "name" } };
const sites: WebParameters["sites"] = [
  { name: "main", hosts: ["www.test"], files: { "index.html": "main", "thanks.html": "thanks" }, forms: [FORM] },
  { name: "other", hosts: ["*.other.test"], files: { "index.html": "other" } },
];

/** A web server, and a browser that knows its names. */
function scene(
  parameters: Partial<WebParameters>,
  browse: (client: HttpClient, context: ProgramContext) => Promise<void>,
): Promise<void> {
  const build = (network: Network) => {
    network.host("browser", { address: "10.0.0.1/24", hosts: { "www.test": "10.0.0.2", "a.other.test": "10.0.0.2" } });
    network.host("server", { address: "10.0.0.2/24" });
    network.cable("browser", "server", { delay: "1ms", rate: "100Mbit/s" });
  };
  return simulate({ network: build }, async ({ host }) => {
    const server = host("server").start(web, { sites, accessLog: false, tls: true, ...parameters });
    const browser = host("browser").run(async (context) => {
      await context.clock.sleep(seconds(1));
      const client = new HttpClient(context, { cookies: new CookieJar(context) });
      await browse(client, context);
      await client.close();
    });
    await browser.ended;
    if (browser.error !== undefined) throw browser.error;
    server.stop();
    await server.ended;
    assert.equal(server.state, "stopped", String(server.error));
  });
}

describe("the program web by HTTPS", () => {
  test("leads from HTTP to HTTPS, serves sites with a certificate for their names, and tells browsers to stay", () =>
    scene({ hsts: 2 }, async (client) => {
      const first = await client.fetch("http://www.test/?a=b");
      assert.deepEqual([first.url, first.redirected, await first.text()], ["https://www.test/?a=b", true, "main"]);
      assert.equal(first.headers.get("strict-transport-security"), "max-age=172800");
      const plain = await client.fetch("http://www.test/", { redirect: "manual" });
      assert.deepEqual([plain.status, plain.headers.get("location")], [308, "https://www.test/"]);
      assert.equal(plain.headers.get("strict-transport-security"), null);
      await plain.text();
      assert.equal(await (await client.fetch("https://a.other.test/")).text(), "other");
      await assert.rejects(client.fetch("https://10.0.0.2/"), (error: Error) => {
        assert.match(String((error.cause as Error | undefined)?.cause ?? error.cause), /not for 10\.0\.0\.2/);
        return true;
      });
    }));

  test("takes a form and sets a cookie for HTTPS only", () =>
    scene({ names: ["10.0.0.2"], plain: "serve" }, async (client) => {
      const signed = await client.fetch("https://www.test/sign", {
        method: "POST",
        body: new URLSearchParams({ name: "Ann" }),
        redirect: "manual",
      });
      assert.equal(signed.status, 303);
      assert.match(signed.headers.getSetCookie()[0] ?? "", /^visitor=Ann;.*Secure/);
      assert.equal(await (await client.fetch("https://www.test/thanks.html")).text(), "thanks");
      assert.equal(await (await client.fetch("http://www.test/thanks.html")).text(), "thanks", "as it is served too");
      assert.equal((await client.fetch("https://10.0.0.2/")).status, 421, "a name that no site has");
    }));

  test("has no port without TLS where that is off, and says what else there is", () =>
    scene({ plain: "off" }, async (client, { sockets }) => {
      const socket = sockets.socket("inet", "stream");
      await assert.rejects(socket.connect({ address: "10.0.0.2", port: 80 }), { code: "ECONNREFUSED" });
      assert.equal((await client.fetch("https://www.test/")).status, 200);
    }));

  test("fails with EPROTONOSUPPORT where there is no TLS", async () => {
    const network = new Network();
    network.host("server", { address: "10.0.0.2/24" });
    const server = network.start("server", web, { sites, tls: true });
    await runLoopOf(network, { endsWhenIdle: true }).run();
    assert.ok(server.error instanceof SocketError);
    assert.equal(server.error.code, "EPROTONOSUPPORT");
  });
});
