import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Headers } from "../headers.ts";
import { addVary, preferredCoding, preferredLanguage, preferredType } from "./negotiate.ts";

const asking = (name: string, value?: string) => ({
  headers: new Headers(value === undefined ? {} : { [name]: value }),
});

describe("content negotiation (RFC 9110 §12)", () => {
  test("chooses a type, by quality and then by our order", () => {
    const choose = (accept?: string) => preferredType(asking("accept", accept), ["text/html", "application/json"]);
    assert.equal(choose(), "text/html");
    assert.equal(choose("*/*"), "text/html");
    assert.equal(choose("application/json"), "application/json");
    assert.equal(choose("text/html;q=0.5, application/*;q=0.8"), "application/json");
    assert.equal(choose("text/html;q=0, */*;q=0.1"), "application/json");
    assert.equal(choose("image/png"), undefined);
    assert.equal(choose("text/html;q=0"), undefined);
  });

  test("chooses a language", () => {
    const choose = (accept?: string) => preferredLanguage(asking("accept-language", accept), ["en", "zh"]);
    assert.equal(choose(), "en");
    assert.equal(choose("zh-CN, zh;q=0.9, en;q=0.8"), "zh");
    assert.equal(choose("de"), undefined);
  });

  test("chooses a coding, and none for who does not ask", () => {
    const choose = (accept?: string) => preferredCoding(asking("accept-encoding", accept), ["br", "gzip"]);
    assert.equal(choose(), "identity");
    assert.equal(choose(""), "identity");
    assert.equal(choose("gzip, deflate, br"), "br");
    assert.equal(choose("gzip;q=1.0, br;q=0.5"), "gzip");
    assert.equal(choose("identity;q=1, gzip;q=0.5"), "identity");
    assert.equal(choose("*"), "br");
    assert.equal(choose("gzip;q=0, *;q=1"), "br");
    assert.equal(choose("deflate"), "identity");
    assert.equal(choose("identity;q=0"), undefined);
    assert.equal(choose("*;q=0"), undefined);
  });

  test("takes broken fields without a throw", () => {
    for (const text of [";;;", "gzip;q=x", ",", '"', "=", "q=1", 'a/b;c="', "\u00ff/*"]) {
      for (const name of ["accept", "accept-language", "accept-encoding"]) {
        preferredType(asking(name, text), ["a/b"]);
        preferredLanguage(asking(name, text), ["a"]);
        preferredCoding(asking(name, text), ["br"]);
      }
    }
  });

  test("is told by Vary, once for each field", () => {
    const headers = new Headers();
    for (const name of ["Accept-Encoding", "Origin", "accept-encoding"]) addVary(headers, name);
    assert.equal(headers.get("vary"), "Accept-Encoding, Origin");
    const all = new Headers({ Vary: "*" });
    addVary(all, "Origin");
    assert.equal(all.get("vary"), "*");
  });
});
