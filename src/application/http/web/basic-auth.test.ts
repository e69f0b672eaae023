import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ask } from "../../../../test/fixtures/handler.ts";
import { Request } from "../request.ts";
import { Response } from "../response.ts";
import { basicAuth, basicCredentials, equalBytes, knownUsers } from "./basic-auth.ts";

const withField = (authorization: string) =>
  new Request("http://a.test/", { headers: { Authorization: authorization } });
const encode = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;

describe("basic authentication (RFC 7617)", () => {
  test("reads user and password as UTF-8", () => {
    assert.deepEqual(basicCredentials(withField("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")), {
      user: "Aladdin",
      password: "open sesame",
    });
    assert.deepEqual(basicCredentials(withField("bAsIc dGVzdDoxMjPCow==")), { user: "test", password: "123£" });
    assert.deepEqual(basicCredentials(withField(encode("a:b:c"))), { user: "a", password: "b:c" });
    assert.deepEqual(basicCredentials(withField(encode(":"))), { user: "", password: "" });
    for (const field of [
      "",
      "Basic",
      "Basic !!!",
      encode("nocolon"),
      encode("a\n:b"),
      "Basic /////w==",
      "Bearer QTpC",
    ]) {
      assert.equal(basicCredentials(withField(field)), undefined, field);
    }
  });

  test("lets known users through and asks others", async () => {
    const users = new Map([["ann", "secret"]]);
    const handler = basicAuth({ realm: 'the "shop"', verify: knownUsers(users) })(() => new Response("in"));
    assert.equal(await (await ask(handler, { headers: { Authorization: encode("ann:secret") } })).text(), "in");
    const refused = await ask(handler);
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get("www-authenticate"), 'Basic realm="the \\"shop\\"", charset="UTF-8"');
    for (const wrong of ["ann:secre", "ann:secretx", "ann:", "bob:secret", "bob:", ":secret"]) {
      assert.equal((await ask(handler, { headers: { Authorization: encode(wrong) } })).status, 401, wrong);
    }
    assert.throws(() => basicAuth({ realm: "a\r\nb", verify: () => true }), TypeError);
  });

  test("compares bytes", () => {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    assert.equal(equalBytes(bytes("abc"), bytes("abc")), true);
    assert.equal(equalBytes(bytes(""), bytes("")), true);
    for (const [a, b] of [
      ["abc", "abd"],
      ["abc", "ab"],
      ["abab", "ab"],
      ["", "a"],
      ["a", ""],
    ]) {
      assert.equal(equalBytes(bytes(a ?? ""), bytes(b ?? "")), false, `${a} ${b}`);
    }
  });
});
