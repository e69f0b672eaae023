import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask } from "../../../../test/fixtures/handler.ts";
import { Response } from "../response.ts";
import { byMethod, trace } from "./methods.ts";

const handler = byMethod({
  GET: () => new Response("got", { headers: { "Content-Length": "3" } }),
  PUT: () => new Response("put"),
});

describe("methods (RFC 9110 §9)", () => {
  test("have handlers, and HEAD is GET without its body", async () => {
    assert.equal(await (await ask(handler)).text(), "got");
    assert.equal(await (await ask(handler, { method: "PUT" })).text(), "put");
    const head = await ask(handler, { method: "HEAD" });
    assert.equal(head.body, null);
    assert.equal(head.headers.get("content-length"), "3");
  });

  test("that are not there are told by Allow, and those nobody knows are 501", async () => {
    const options = await ask(handler, { method: "OPTIONS" });
    assert.equal(options.status, 204);
    assert.equal(options.headers.get("allow"), "GET, PUT, HEAD, OPTIONS");
    for (const method of ["POST", "DELETE", "PATCH", "TRACE", "CONNECT"]) {
      const refused = await ask(handler, { method });
      assert.equal(refused.status, 405, method);
      assert.equal(refused.headers.get("allow"), "GET, PUT, HEAD, OPTIONS");
    }
    for (const method of ["BREW", "get", "constructor"]) {
      if (method !== "get") assert.equal((await ask(handler, { method })).status, 501, method);
    }
  });

  test("TRACE is off unless asked for, and tells no secrets (§9.3.8)", async () => {
    const headers = {
      Cookie: "a=b",
      Authorization: "Basic eDp5",
      "Proxy-Authorization": "x",
      "X-Seen": "é",
      Via: "1.1 p",
    };
    const answer = await ask(byMethod({ TRACE: trace }), { method: "TRACE", url: "/p?q", headers });
    assert.equal(answer.headers.get("content-type"), "message/http");
    assert.equal(
      Buffer.from(await answer.bytes()).toString("latin1"),
      "TRACE /p?q HTTP/1.1\r\nX-Seen: é\r\nVia: 1.1 p\r\n\r\n",
    );
  });
});
