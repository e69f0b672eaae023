import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask } from "../../../../test/fixtures/handler.ts";
import type { TlsFacts } from "../../../socket/tls.ts";
import { FORM_LIMIT, formHandler } from "./form-rule.ts";

const told: (readonly (readonly [string, string])[])[] = [];
const handler = formHandler(
  {
    path: "/sign",
    required: ["name"],
    cookie: { name: "visitor", field: "name", maxAge: 60 },
    redirect: "/thanks.html",
  },
  (fields) => told.push(fields),
);

describe("a form", () => {
  test("is taken: its fields are told, a cookie is set, and the browser goes to another page", async () => {
    const body = new URLSearchParams({ name: "Zoë; x", text: "a\nb" });
    const response = await ask(handler, { method: "POST", body });
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), "/thanks.html");
    assert.equal(
      response.headers.get("set-cookie"),
      "visitor=Zo%C3%AB%3B%20x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
    );
    assert.deepEqual(told.pop(), [
      ["name", "Zoë; x"],
      ["text", "a\nb"],
    ]);
    const secure = await ask(handler, { method: "POST", body, info: { tls: {} as TlsFacts } });
    assert.match(secure.headers.get("set-cookie") ?? "", /; Secure;/);
  });

  test("sets no cookie that is longer than browsers take, nor half a character", async () => {
    const response = await ask(handler, { method: "POST", body: new URLSearchParams({ name: "日".repeat(5000) }) });
    const [, value = ""] = /^visitor=([^;]*);/.exec(response.headers.get("set-cookie") ?? "") ?? [];
    assert.ok(value.length > 2900 && value.length <= 3000, `${value.length}`);
    assert.match(decodeURIComponent(value), /^日+$/);
  });

  test("may be multipart, with files by their names", async () => {
    const body =
      '--b\r\nContent-Disposition: form-data; name="name"\r\n\r\nann\r\n--b\r\nContent-Disposition: form-data; name="f"; filename="x.txt"\r\n\r\nhello\r\n--b--\r\n';
    const response = await ask(handler, {
      method: "POST",
      body,
      headers: { "Content-Type": "multipart/form-data; boundary=b" },
    });
    assert.equal(response.status, 303);
    assert.deepEqual(told.at(-1), [
      ["name", "ann"],
      ["f", "x.txt"],
    ]);
  });

  test("is refused without its required fields, in another type, too large, or by another method", async () => {
    const before = told.length;
    assert.equal((await ask(handler, { method: "POST", body: new URLSearchParams({ name: " " }) })).status, 422);
    assert.equal((await ask(handler, { method: "POST", body: "name=x" })).status, 415);
    const large = { "Content-Length": String(FORM_LIMIT + 1), "Content-Type": "application/x-www-form-urlencoded" };
    assert.equal((await ask(handler, { method: "POST", body: "name=x", headers: large })).status, 413);
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield new Uint8Array(65_536);
    }
    const type = { "Content-Type": "application/x-www-form-urlencoded" };
    assert.equal((await ask(handler, { method: "POST", body: endless(), headers: type })).status, 413);
    assert.equal((await ask(handler)).status, 405);
    assert.equal(told.length, before);
  });
});
