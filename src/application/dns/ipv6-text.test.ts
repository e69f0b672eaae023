import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatIpv6, parseIpv6 } from "./ipv6-text.ts";

const again = (text: string): string | undefined => {
  const bytes = parseIpv6(text);
  return bytes && formatIpv6(bytes);
};

test("an IPv6 address is printed as RFC 5952 says", () => {
  assert.equal(again("2001:0DB8:0000:0000:0000:0000:0000:0001"), "2001:db8::1");
  assert.equal(again("::"), "::");
  assert.equal(again("::1"), "::1");
  assert.equal(again("fe80::"), "fe80::");
  assert.equal(again("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1", "one group of zeros stays (§4.2.2)");
  assert.equal(again("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1", "the longest run (§4.2.3)");
  assert.equal(again("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1", "the first of two (§4.2.3)");
  assert.equal(again("::ffff:192.0.2.1"), "::ffff:c000:201");
});

test("what is no IPv6 address is refused", () => {
  for (const text of [
    "",
    ":",
    "1",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::8",
    "g::",
    "::12345",
  ]) {
    assert.equal(parseIpv6(text), undefined, text);
  }
  for (const text of ["::1.2.3", "::1.2.3.256", "1.2.3.4::", ":::", "::1%eth0"])
    assert.equal(parseIpv6(text), undefined, text);
});

test("an IPv6 address that is printed can be read", () => {
  const sparse = fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(sparse, (bytes) => assert.deepEqual([...(parseIpv6(formatIpv6(Uint8Array.from(bytes))) ?? [])], bytes)),
  );
});
