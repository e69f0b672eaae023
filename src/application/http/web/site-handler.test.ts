import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask } from "../../../../test/fixtures/handler.ts";
import { nodeCompression, VirtualClock } from "../../../../test/fixtures/machine.ts";
import { Random } from "../../../base/random.ts";
import { LITERAL_NAMES } from "../../../socket/names.ts";
import type { Sockets } from "../../../socket/socket.ts";
import { Scheduler } from "../../../time/scheduler.ts";
import { MemoryFiles } from "../../memory-files.ts";
import type { ProgramContext } from "../../program.ts";
import type { SiteDescription } from "./site.ts";
import { siteHandler, webHandler } from "./site-handler.ts";

const logged: unknown[] = [];
const context: ProgramContext = {
  sockets: undefined as unknown as Sockets,
  names: LITERAL_NAMES,
  compression: nodeCompression,
  clock: new VirtualClock(new Scheduler(), Date.UTC(2026, 0, 1)),
  random: new Random(1),
  log: (code, parameters) => logged.push([code, parameters]),
  work: (promise) => promise,
  signal: new AbortController().signal,
};
const site = (description: Partial<SiteDescription>) =>
  siteHandler(context, {
    name: "main",
    files: { "index.html": "<p>hi".repeat(500), "admin/x.txt": "x" },
    ...description,
  });
const basic = (text: string) => ({ Authorization: `Basic ${btoa(text)}` });

describe("a site by its description", () => {
  test("serves its files, compressed if wanted", async () => {
    const plain = await ask(await site({}), { headers: { "Accept-Encoding": "gzip" } });
    assert.equal(plain.headers.get("content-encoding"), null);
    const small = await ask(await site({ compression: true }), { headers: { "Accept-Encoding": "gzip" } });
    assert.equal(small.headers.get("content-encoding"), "gzip");
  });

  test("asks for a user below its paths, however they are spelled", async () => {
    const handler = await site({ auth: { realm: "admin", users: { ann: "pw" }, paths: ["/admin/"] } });
    assert.equal((await ask(handler)).status, 200);
    for (const url of [
      "/admin/x.txt",
      "/admin",
      "/admin/",
      "/a/../admin/x.txt",
      "/%61dmin/x.txt",
      "//admin/x.txt",
      "/admin/%2e/x.txt",
    ]) {
      assert.equal((await ask(handler, { url: url.startsWith("//") ? `http://a.test${url}` : url })).status, 401, url);
    }
    assert.equal((await ask(handler, { url: "/admin/x.txt", headers: basic("ann:pw") })).status, 200);
    assert.equal((await ask(handler, { url: "/administration" })).status, 404);
  });

  test("answers preflights before it asks for a user, and has its fields on all answers", async () => {
    const handler = await site({
      auth: { realm: "r", users: {} },
      cors: { origins: ["https://b.test"] },
      headers: { "X-Frame-Options": "DENY", "X-Content-Type-Options": "" },
    });
    const preflight = { Origin: "https://b.test", "Access-Control-Request-Method": "PUT" };
    assert.equal((await ask(handler, { method: "OPTIONS", headers: preflight })).status, 204);
    const refused = await ask(handler, { headers: { Origin: "https://b.test" } });
    assert.deepEqual(
      [refused.status, refused.headers.get("x-frame-options"), refused.headers.get("access-control-allow-origin")],
      [401, "DENY", "https://b.test"],
    );
  });

  test("takes forms and tells them", async () => {
    const handler = await site({ forms: [{ path: "/sign", redirect: "/" }], redirects: [{ from: "/old", to: "/" }] });
    const response = await ask(handler, { url: "/sign", method: "POST", body: new URLSearchParams({ a: "b\n" }) });
    assert.equal(response.status, 303);
    assert.deepEqual(logged.pop(), ["form", { path: "/sign", fields: 'a="b\\n"' }]);
    assert.equal((await ask(handler, { url: "/old" })).status, 308);
    assert.equal((await ask(handler, { url: "/sign" })).status, 404);
    assert.equal((await ask(handler, { url: "/other", method: "POST", body: "" })).status, 405);
  });

  test("answers TRACE only where that is wanted", async () => {
    assert.equal((await ask(await site({}), { method: "TRACE" })).status, 405);
    assert.equal((await ask(await site({ trace: true }), { method: "TRACE" })).status, 200);
  });

  test("has a folder only where the platform gives one", async () => {
    await assert.rejects(site({ folder: "x" }), /only on the operating system/);
    const folder = async (path: string) => new MemoryFiles([["index.html", path]], 0);
    const handler = await siteHandler(context, { name: "main", folder: "there" }, { folder });
    assert.equal(await (await ask(handler)).text(), "there");
  });

  test("is one of several, behind the server's rate limit", async () => {
    const handler = await webHandler(context, {
      sites: [
        { name: "a", hosts: ["a.test"], files: { "index.html": "a" } },
        { name: "b", hosts: ["b.test"], files: { "index.html": "b" } },
      ],
      rateLimit: { rate: 1, burst: 2 },
    });
    assert.equal(await (await ask(handler)).text(), "a");
    assert.equal(await (await ask(handler, { url: "http://b.test/" })).text(), "b");
    assert.equal((await ask(handler)).status, 429);
  });
});
