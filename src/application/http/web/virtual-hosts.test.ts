import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask } from "../../../../test/fixtures/handler.ts";
import type { TlsFacts } from "../../../socket/tls.ts";
import { Response } from "../response.ts";
import { virtualHosts } from "./virtual-hosts.ts";

const site = (...names: string[]) => ({ names, handler: () => new Response(names[0]) });
const TLS = {} as TlsFacts;

describe("sites by name (RFC 9110 §7.2)", () => {
  const handler = virtualHosts([site("a.test", "www.a.test"), site("*.a.test"), site("*.b.a.test")]);
  const at = async (host: string, tls?: TlsFacts): Promise<string> => {
    const response = await ask(handler, { url: `http://${host}/`, info: { tls } });
    return response.status === 200 ? response.text() : String(response.status);
  };

  test("are found by the whole name, then by the longest that it is under", async () => {
    const table = {
      "a.test": "a.test",
      "A.TEST:8080": "a.test",
      "a.test.": "a.test",
      "www.a.test": "a.test",
      "x.a.test": "*.a.test",
      "x.y.a.test": "*.a.test",
      "b.a.test": "*.a.test",
      "x.b.a.test": "*.b.a.test",
    };
    for (const [host, name] of Object.entries(table)) assert.equal(await at(host), name, host);
  });

  test("that are unknown are the first, and over TLS 421 (§15.5.20)", async () => {
    for (const host of ["evil.test", "xa.test", "test", "127.0.0.1", "[::1]"]) {
      assert.equal(await at(host), "a.test", host);
      assert.equal(await at(host, TLS), "421", host);
    }
    assert.equal(await at("x.a.test", TLS), "*.a.test");
  });

  test("may be one for all others", async () => {
    const all = virtualHosts([site("a.test"), site("*")]);
    assert.equal(await (await ask(all, { url: "http://x.test", info: { tls: TLS } })).text(), "*");
  });

  test("without any site nothing is found", async () => {
    assert.equal((await ask(virtualHosts([]))).status, 421);
  });
});
