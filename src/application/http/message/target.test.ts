import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { authorityOf, isAuthority, isPlainHost, targetForm } from "./target.ts";

test("a Host is a host with a port or without (RFC 9110 §7.2)", () => {
  for (const right of [
    "",
    "a",
    "a.b:80",
    "a:",
    "a_b~!$",
    "%41:1",
    "%30x%0a",
    "[::1]",
    "[::ffff:1.2.3.4]:8",
    "1.2.3.4:65535",
  ]) {
    assert.equal(isAuthority(right), true, right);
  }
  const wrong = [":80", "a b", "a/b", "a?b", "a#b", "u@a", "a:b", "a:65536", "a:1:2", "%4", "%zz", "[::1", "[::1]x"];
  for (const text of [...wrong, "::1", "[g]", "[:]", "[1.2.3.4]", "a\\b", "é", "a]", "a:-1", "a:+1", "[::1%25e]"]) {
    assert.equal(isAuthority(text), false, text);
  }
});

test("what is plainly a Host is one", () => {
  const near = fc.string({ unit: fc.constantFrom(..."a.-19056:_ %"), maxLength: 9 });
  fc.assert(
    fc.property(near, (text) => {
      const bytes = new TextEncoder().encode(`x${text}x`);
      if (isPlainHost(bytes, 1, bytes.length - 1)) assert.ok(isAuthority(text), text);
    }),
  );
  const plain = (text: string) => isPlainHost(new TextEncoder().encode(text), 0, text.length);
  for (const text of ["a.b-c:59999", "1.2.3.4", "a:6000"]) assert.equal(plain(text), true, text);
});

test("the form of a target, by the method that goes with it (RFC 9112 §3.2)", () => {
  assert.equal(targetForm("GET", "//a/b"), "origin");
  assert.equal(targetForm("GET", "HTTP://A?x"), "absolute");
  assert.equal(targetForm("GET", "ws://x"), "absolute");
  assert.equal(targetForm("OPTIONS", "*"), "asterisk");
  assert.equal(targetForm("CONNECT", "[::1]:1"), "authority");
  for (const target of [
    "*",
    "**",
    "a",
    "a:1",
    "urn:x",
    "http:/a",
    "http://",
    "http://:1/",
    "https://u:p@a/",
    ":x",
    "",
  ]) {
    assert.equal(targetForm("GET", target), undefined, target);
  }
  for (const target of ["/", "a", "a:", ":1", "http://a:1", "a:1/", "*"]) {
    assert.equal(targetForm("CONNECT", target), undefined, target);
  }
});

test("the authority of a target in absolute form", () => {
  assert.equal(authorityOf("http://a:1/b?c"), "a:1");
  assert.equal(authorityOf("http://a?b"), "a");
  assert.equal(authorityOf("http://a"), "a");
  assert.equal(authorityOf("urn:a"), undefined);
  assert.equal(authorityOf("/a"), undefined);
});
