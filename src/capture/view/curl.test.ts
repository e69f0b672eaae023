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
    "curl --data-raw 'it'\\''s=3&x=' 'https://a/form'",
  );
  assert.equal(
    command("PUT / HTTP/1.1\r\nHost: a\r\n\r\n\u00ff\n'"),
    "curl -X 'PUT' --data-raw $'\\xff\\n\\x27' 'http://a/'",
  );
  assert.equal(command("HEAD / HTTP/1.0\r\nHost: a\r\nX:\r\n\r\n"), "curl --head -H 'X;' 'http://a/'");
});

test("what is no request becomes none", () => {
  for (const text of ["", "HTTP/1.1 200 OK\r\n\r\n", "GET /", "GET / HTTP/2\r\n\r\n"])
    assert.equal(command(text), undefined);
});

test("nothing in a request makes curl read or write a file, or do more than one request", () => {
  assert.equal(
    command("POST / HTTP/1.1\r\nHost: a\r\n\r\n@/etc/passwd"),
    "curl --data-raw '@/etc/passwd' 'http://a/'",
    "a body that is the name of a file for --data-binary",
  );
  assert.equal(
    command("GET / HTTP/1.1\r\nHost: a\r\n@/etc/passwd: x\r\n-K: y\r\n\r\n"),
    "curl -H '-K: y' 'http://a/'",
    "a header that is a file of headers",
  );
  for (const target of ["--output", "-K/tmp/x", "file:///etc/passwd", "*"]) {
    assert.equal(
      command(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`),
      `curl --request-target '${target}' 'http://a'`,
      target,
    );
  }
  assert.equal(command("GET /[1-999]{a,b} HTTP/1.1\r\nHost: a\r\n\r\n"), "curl --globoff 'http://a/[1-999]{a,b}'");
});

test("no shell finds a command in a word", () => {
  const hostile = "\u0007'; touch /tmp/x; $(id) `id` \\'";
  const [, word = ""] =
    /--data-raw (\$?'.*') 'http/s.exec(command(`POST / HTTP/1.1\r\nHost: a\r\n\r\n${hostile}`) ?? "") ?? [];
  assert.equal(word.replaceAll(/[^']/g, "").length, 2, "a shell without $'…' would end the word early");
  assert.equal(word, "$'\\x07\\x27; touch /tmp/x; $(id) `id` \\\\\\x27'");
});
