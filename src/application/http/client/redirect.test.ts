import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { redirected } from "./redirect.ts";

const from = (method: string, url = "http://a.test/x/y?q#top") => ({ url: new URL(url), method });

describe("a redirect (Fetch standard, HTTP-redirect fetch)", () => {
  /** status, then what becomes of GET, HEAD, POST and PUT. */
  const METHODS: readonly [number, ...string[]][] = [
    [301, "GET", "HEAD", "GET", "PUT"],
    [302, "GET", "HEAD", "GET", "PUT"],
    [303, "GET", "HEAD", "GET", "GET"],
    [307, "GET", "HEAD", "POST", "PUT"],
    [308, "GET", "HEAD", "POST", "PUT"],
  ];
  for (const [status, ...after] of METHODS) {
    test(`${status} turns GET, HEAD, POST, PUT into ${after.join(", ")}, without the body of what has changed`, () => {
      for (const [index, method] of ["GET", "HEAD", "POST", "PUT"].entries()) {
        const found = redirected(from(method), status, "/z");
        assert.equal(found?.method, after[index]);
        assert.equal(found?.keepsBody, after[index] === method);
      }
    });
  }

  test("other statuses, and those without a Location, are the answer", () => {
    assert.equal(redirected(from("GET"), 300, "/z"), undefined);
    assert.equal(redirected(from("GET"), 304, "/z"), undefined);
    assert.equal(redirected(from("GET"), 200, "/z"), undefined);
    assert.equal(redirected(from("GET"), 302, null), undefined);
  });

  test("a Location is read from where it stands, and keeps the fragment (RFC 9110 §10.2.2)", () => {
    const to = (location: string) => redirected(from("GET"), 302, location)?.url.href;
    assert.equal(to("z"), "http://a.test/x/z#top");
    assert.equal(to("?r"), "http://a.test/x/y?r#top");
    assert.equal(to("//b.test/"), "http://b.test/#top");
    assert.equal(to("/z#end"), "http://a.test/z#end");
  });

  test("another scheme, host or port is another origin", () => {
    const crosses = (location: string) => redirected(from("GET"), 302, location)?.crossesOrigin;
    assert.deepEqual(["/z", "http://a.test:80/", "HTTP://A.test/"].map(crosses), [false, false, false]);
    assert.deepEqual(["https://a.test/", "http://b.a.test/", "http://a.test:81/"].map(crosses), [true, true, true]);
  });

  test("what is no URL, or neither http nor https, is refused", () => {
    for (const location of ["http://", "http://[", "file:///etc/passwd", "javascript:alert(1)", "data:,x"]) {
      assert.throws(() => redirected(from("GET"), 302, location), TypeError, location);
    }
  });
});
