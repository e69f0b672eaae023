import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CurlError } from "./curl-error.ts";
import { formatUrl, hostField, parseCurlUrl, portOf, remoteName, resolveLocation } from "./curl-url.ts";

const exits = (exit: number) => (error: unknown) => error instanceof CurlError && error.exit === exit;

describe("a URL on a command line", () => {
  test("is http unless it says, and keeps what was written", () => {
    const url = parseCurlUrl("Example.test:8080/A%20b?c=|#d");
    assert.deepEqual(
      [url.scheme, url.host, url.port, url.path, url.query],
      ["http", "Example.test", 8080, "/A%20b", "?c=|"],
    );
    assert.equal(hostField(url), "Example.test:8080");
    assert.equal(formatUrl(url), "http://Example.test:8080/A%20b?c=|#d");
    assert.equal(portOf(parseCurlUrl("https://x")), 443);
    assert.equal(hostField(parseCurlUrl("http://x:80/")), "x");
  });

  test("may hold a user, escaped", () => {
    const { user, password, host } = parseCurlUrl("http://me%40x:a:b%2f@y/");
    assert.deepEqual([user, password, host], ["me@x", "a:b/", "y"]);
    assert.equal(parseCurlUrl("http://me@y/").password, undefined);
  });

  test("has its dots taken away, unless they are to stay (RFC 3986 §5.2.4)", () => {
    const paths = ["/a/../b", "/a/./b", "/a/..", "/a/.", "/../../c", "/a/b/../../c/"];
    assert.deepEqual(
      paths.map((path) => parseCurlUrl(`http://x${path}`).path),
      ["/b", "/a/b", "/", "/a/", "/c", "/c/"],
    );
    assert.equal(parseCurlUrl("http://x/a/../b", true).path, "/a/../b");
  });

  test("that is none, or of another scheme, is refused with curl's code", () => {
    for (const bad of ["", "http://", "http://a b/", "http://x:99999/", "http://a{b/", "http://x:y/"]) {
      assert.throws(() => parseCurlUrl(bad), exits(3), bad);
    }
    for (const other of ["ftp://x/", "foo://x", "ftp.example.test"])
      assert.throws(() => parseCurlUrl(other), exits(1), other);
  });

  test("leads on from where it stands", () => {
    const base = parseCurlUrl("http://x:81/a/b?q");
    const to = (location: string): string => formatUrl(resolveLocation(base, location, false));
    assert.equal(to("c"), "http://x:81/a/c");
    assert.equal(to("../c"), "http://x:81/c");
    assert.equal(to("/c?d e"), "http://x:81/c?d+e");
    assert.equal(to("/c d"), "http://x:81/c%20d");
    assert.equal(to("?r"), "http://x:81/a/b?r");
    assert.equal(to("//y/z"), "http://y/z");
    assert.equal(to("https://y"), "https://y/");
  });

  test("names a file by its last part", () => {
    assert.deepEqual(
      ["http://x/a/b.txt?c", "http://x/", "x"].map((url) => remoteName(parseCurlUrl(url))),
      ["b.txt", "", ""],
    );
  });
});
