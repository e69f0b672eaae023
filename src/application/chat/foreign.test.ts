import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answerToForeign } from "./foreign.ts";

describe("programs that are at the wrong door", () => {
  const answer = (line: string): string | undefined => {
    const bytes = answerToForeign(line);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  };

  test("an HTTP request gets a whole HTTP response", () => {
    for (const line of [
      "GET / HTTP/1.1",
      "POST /a?b=c HTTP/1.0",
      "PRI * HTTP/2.0",
      "CONNECT host:80 HTTP/1.1",
      "BREW /pot HTTP/1.1 ",
      "M-SEARCH * HTTP/1.1",
      "BASELINE-CONTROL-OF-EVERYTHING /a HTTP/1.1",
      "patch / HTTP/1.1",
      "get / http/1.1",
      "GET  /  HTTP/1.1",
      "GET\t/a b HTTP/1.1",
    ]) {
      const [head = "", body = ""] = answer(line)?.split("\r\n\r\n") ?? [];
      assert.match(head, /^HTTP\/1\.1 400 .*\r\nConnection: close\r\n/s);
      assert.match(head, new RegExp(`Content-Length: ${body.length}$`));
    }
    assert.match(answer("HEAD / HTTP/1.1") ?? "", /\r\n\r\n$/, "to HEAD, without a body");
  });

  test("the beginning of TLS gets nothing", () => {
    assert.equal(answer("\x16\x03\x01\x02\x00\x01"), "");
  });

  test("people may speak of HTTP", () => {
    for (const line of [
      "hello",
      "GET well soon",
      "get / http",
      "I like HTTP/1.1",
      "WHO LIKES HTTP/2",
      "/who",
      "I/O by HTTP/1.1",
      "see http://a/ HTTP/1.1 says",
      "",
    ]) {
      assert.equal(answer(line), undefined);
    }
  });
});
