import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Headers } from "../headers.ts";
import { COOKIES_LIMIT, formatSetCookie, parseCookies } from "./cookie.ts";

describe("cookies on a server (RFC 6265 §4)", () => {
  test("are set with safe attributes unless told otherwise", () => {
    assert.equal(formatSetCookie("SID", "31d4d96e407aad42"), "SID=31d4d96e407aad42; HttpOnly; SameSite=Lax");
    const all = {
      path: "/",
      domain: "example.test",
      maxAge: 60,
      expires: 0,
      secure: true,
      httpOnly: false,
      sameSite: "None",
    } as const;
    assert.equal(
      formatSetCookie("a", "b", all),
      "a=b; Path=/; Domain=example.test; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; SameSite=None",
    );
  });

  test("never carry what would be read as something else", () => {
    const bad = [
      () => formatSetCookie("a b", ""),
      () => formatSetCookie("", "x"),
      () => formatSetCookie("a", "x".repeat(4096)),
      () => formatSetCookie("a", "x; Path=/"),
      () => formatSetCookie("a", "x\r\nSet-Cookie: y"),
      () => formatSetCookie("a", "grüße"),
      () => formatSetCookie("a", "b", { path: "/; Domain=evil.test" }),
      () => formatSetCookie("a", "b", { path: "/\n" }),
      () => formatSetCookie("a", "b", { maxAge: 0.5 }),
      () => formatSetCookie("__Host-a", "b", { secure: true }),
      () => formatSetCookie("__host-a", "b", { secure: true, path: "/", domain: "x.test" }),
      () => formatSetCookie("__Secure-a", "b"),
      () => formatSetCookie("a", "b", { sameSite: "None" }),
    ];
    for (const call of bad) assert.throws(call, TypeError, String(call));
  });

  test("are read, of two with one name the first", () => {
    const read = (cookie: string) => Object.fromEntries(parseCookies(new Headers({ Cookie: cookie })));
    assert.deepEqual(read("SID=31d4d96e407aad42; lang=en-US"), { SID: "31d4d96e407aad42", lang: "en-US" });
    assert.deepEqual(read('a="b c";a=2;  d = e=f ;=x;nothing;;'), { a: "b c", d: "e=f" });
    assert.deepEqual(Object.fromEntries(parseCookies(new Headers())), {});
    assert.ok(
      parseCookies(new Headers({ Cookie: Array.from({ length: 1000 }, (_, i) => `c${i}=1`).join(";") })).size <=
        COOKIES_LIMIT,
    );
  });

  test("that are named as an object's own parts are nothing special", () => {
    assert.equal(parseCookies(new Headers({ Cookie: "__proto__=x" })).get("__proto__"), "x");
  });
});
