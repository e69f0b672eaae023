import assert from "node:assert/strict";
import test from "node:test";
import { ask } from "../../../../test/fixtures/handler.ts";
import { Response } from "../response.ts";
import { redirects } from "./redirects.ts";

const handler = redirects([
  { from: "/old", to: "/new" },
  { from: "/blog/*", to: "https://blog.example/*", status: 301 },
  { from: "/moved/*", to: "/*", status: 302 },
  { from: "/query", to: "/other?x=1", status: 303 },
])(() => new Response("here"));

test("redirects lead elsewhere by path or by its beginning, and take the query along", async () => {
  const table: Record<string, [number, string | null]> = {
    "/old": [308, "/new"],
    "/old?a=b": [308, "/new?a=b"],
    "/older": [200, null],
    "/blog/": [301, "https://blog.example/"],
    "/blog/2026/x?y": [301, "https://blog.example/2026/x?y"],
    "/moved/a/b": [302, "/a/b"],
    "/query?a=b": [303, "/other?x=1"],
  };
  for (const [url, [status, location]] of Object.entries(table)) {
    const response = await ask(handler, { url });
    assert.deepEqual([response.status, response.headers.get("location")], [status, location], url);
  }
});

test("what a client writes never becomes another host", async () => {
  for (const url of ["/moved//evil.test/", "/moved/%5Cevil.test", "/moved///evil.test", "/moved/\\evil.test"]) {
    const location = (await ask(handler, { url })).headers.get("location") ?? "";
    assert.equal(new URL(location, "http://a.test/").host, "a.test", `${url} → ${location}`);
  }
});
