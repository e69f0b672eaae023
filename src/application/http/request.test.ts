import assert from "node:assert/strict";
import { test } from "node:test";
import { Request } from "./request.ts";

test("a request has the method, URL, headers and body that it was given", async () => {
  const body = new URLSearchParams({ a: "1 2" });
  const request = new Request("http://example.test:80/a b?c#d", { method: "post", headers: { Host: "other" }, body });
  assert.equal(request.method, "POST");
  assert.equal(request.url, "http://example.test/a%20b?c#d");
  assert.equal(request.target, "/a%20b?c");
  assert.equal(request.headers.get("host"), "other");
  assert.equal(request.headers.get("content-type"), "application/x-www-form-urlencoded;charset=UTF-8");
  assert.equal(await request.text(), "a=1+2");
  assert.ok(request.bodyUsed);
});

test("what the platform's Request refuses a server must be able to say: TRACE, CONNECT, Cookie, Host", () => {
  for (const method of ["TRACE", "CONNECT", "TRACK", "custom"]) {
    assert.equal(new Request("http://a.test/", { method }).method, method);
  }
  const headers = { Cookie: "a=b", Host: "a.test", Connection: "close", "Content-Length": "0" };
  const shown = new Request("http://a.test/", { headers }).headers;
  for (const [name, value] of Object.entries(headers)) assert.equal(shown.get(name), value);
});

test("a request made from a request takes its place, and the old one's body is used", async () => {
  const first = new Request("http://a.test/", { method: "PUT", body: "text", headers: { A: "1" } });
  const second = new Request(first, { headers: { B: "2" } });
  assert.ok(first.bodyUsed);
  assert.equal(second.method, "PUT");
  assert.equal(second.headers.get("a"), null);
  assert.equal(second.headers.get("b"), "2");
  assert.equal(await second.text(), "text");
});

test("a clone and its original are read each by itself", async () => {
  const body = (async function* () {
    yield new Uint8Array([104]);
    yield new Uint8Array([105]);
  })();
  const request = new Request("http://a.test/", { method: "PUT", body });
  const copy = request.clone();
  assert.equal(await copy.text(), "hi");
  assert.equal(await request.text(), "hi");
  assert.throws(() => request.clone(), TypeError);
});

test("bad methods and URLs are refused", () => {
  assert.throws(() => new Request("http://a.test/", { method: "G T" }), TypeError);
  assert.throws(() => new Request("/path"), TypeError);
  assert.throws(() => new Request("http://user:secret@a.test/"), TypeError);
});

test("a platform's request can be made like one of ours", async () => {
  const request = new Request("http://a.test/x", { method: "POST", body: "hello", headers: { "X-A": "b" } });
  const made = new globalThis.Request("http://b.test/y", request as never);
  assert.deepEqual([made.method, made.headers.get("x-a"), await made.text()], ["POST", "b", "hello"]);
});
