import assert from "node:assert/strict";
import test from "node:test";
import { commandOf } from "./curl.ts";

const command = (text: string, scheme: "http" | "https" = "http"): string | undefined =>
  commandOf(
    Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
    scheme,
  );

test("a request becomes the command that makes it again", () => {
  assert.equal(
    command("GET /a?b=c HTTP/1.1\r\nHost: www.example:8080\r\nAccept: */*\r\nConnection: close\r\n\r\n"),
    "curl -H 'Accept: */*' 'http://www.example:8080/a?b=c'",
  );
  assert.equal(
    command("POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nit's=3&x=", "https"),
    "curl --data-binary 'it'\\''s=3&x=' 'https://a/form'",
  );
  assert.equal(
    command("PUT / HTTP/1.1\r\nHost: a\r\n\r\n\u00ff\n'"),
    "curl -X 'PUT' --data-binary $'\\xff\\n\\'' 'http://a/'",
  );
  assert.equal(command("HEAD / HTTP/1.0\r\nHost: a\r\nX:\r\n\r\n"), "curl --head -H 'X;' 'http://a/'");
});

test("what is no request becomes none", () => {
  for (const text of ["", "HTTP/1.1 200 OK\r\n\r\n", "GET /", "GET / HTTP/2\r\n\r\n"])
    assert.equal(command(text), undefined);
});
