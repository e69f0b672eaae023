/** Our cookie jar keeps and sends what another, that has been used for years, does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CookieJar as ToughJar } from "tough-cookie";
import { CookieJar } from "../../src/application/http/client/cookie-jar.ts";
import { isPublicSuffix } from "../../src/platform/node/public-suffixes.ts";
import { size } from "../size.ts";

const HOSTS = ["www.example.com", "www.example.com", "example.com", "a.www.example.com", "example.co.uk", "10.0.0.1"];
const PATHS = ["/", "/a", "/a/", "/a/b", "/ab", "/a/b/c?q"];
const place = fc.tuple(fc.constantFrom(...HOSTS), fc.constantFrom(...PATHS)).map((parts) => parts.join(""));

const DOMAINS = [...HOSTS, ".example.com", "com", "co.uk", "EXAMPLE.com", "", "0.0.1"];
const attribute = fc.oneof(
  fc.constantFrom(...DOMAINS).map((domain) => `Domain=${domain}`),
  fc.constantFrom("/", "/a", "/a/", "/A", "", "a", "/a/b").map((path) => `Path=${path}`),
  fc.constantFrom("0", "-5", "3600", "x", "1.5").map((age) => `Max-Age=${age}`),
  fc
    .constantFrom("Thu, 01 Jan 1990 00:00:00 GMT", "1-jan-90 0:0:0", "2 Feb 2090 10:11:12", "never")
    .map((at) => `expires=${at}`),
  fc.constantFrom("HttpOnly", "httponly=x", "SameSite=Lax", "unknown", "", " ; ", "Path"),
);
const cookie = fc
  .tuple(
    fc.constantFrom("a", "b", "c d", " e "),
    fc.constantFrom("1", "2", '"x y"', "", "=", " z "),
    fc.array(attribute, { maxLength: 3 }),
  )
  .map(([name, value, attributes]) => [`${name}=${value}`, ...attributes].join("; "));
const step = fc.record({ place, cookie, secure: fc.boolean() });

test("of any cookies from anywhere, two jars send the same", () => {
  let several = 0;
  // All by TLS or none: without it, a cookie in the place of a Secure one is not taken here (6265bis), and there it is.
  const steps = fc.tuple(fc.constantFrom("http", "https"), fc.array(step, { minLength: 6, maxLength: 20 }));
  fc.assert(
    fc.property(steps, fc.array(place, { minLength: 1, maxLength: 4 }), ([scheme, received], asked) => {
      const ours = new CookieJar({ clock: { date: () => new Date() }, isPublicSuffix });
      const theirs = new ToughJar(undefined, { rejectPublicSuffixes: true });
      for (const each of received) {
        const text = each.secure && scheme === "https" ? `${each.cookie}; Secure` : each.cookie;
        ours.store(text, new URL(`${scheme}://${each.place}`));
        theirs.setCookieSync(text, `${scheme}://${each.place}`, { ignoreError: true });
      }
      for (const to of asked.map((each) => `${scheme}://${each}`)) {
        const sent = ours.header(new URL(to));
        // Of equal paths the older goes first, and there one that was taken back counts as old.
        assert.deepEqual(sent.split("; ").sort(), theirs.getCookieStringSync(to).split("; ").sort(), `to ${to}`);
        if (sent.includes("; ")) several++;
      }
    }),
    { numRuns: size(1000, 100_000) },
  );
  assert.ok(several > 100, `only ${several} requests had several cookies`);
});
