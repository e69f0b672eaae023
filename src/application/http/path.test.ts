import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isUnder, normalPath, pathBytes } from "./path.ts";

const path = (target: string): string | undefined => normalPath(target)?.path;

describe("the path that rules see and upstreams get", () => {
  test("spellings of one path are one", () => {
    for (const target of [
      "/a/b",
      "/%61/b",
      "//a///b",
      "/a/./b",
      "/x/../a/b",
      "/a/%2e/b",
      "/x/%2E%2e/a/b",
      "http://h/a/b",
    ]) {
      assert.equal(path(target), "/a/b", target);
    }
    assert.equal(path("/%e2%82%ac|"), "/%E2%82%AC%7C");
    assert.equal(path("/a/b/.."), "/a/");
    assert.equal(path("/a/b/."), "/a/b/");
    assert.equal(path("/"), "/");
    assert.equal(path("/.."), undefined);
  });

  test("an encoded slash is no separator, and an encoded dot of another encoding no dot", () => {
    assert.equal(path("/a%2fb"), "/a%2Fb");
    assert.equal(path("/%252e%252e/"), "/%252e%252e/");
  });

  test("the query is kept as it is", () => {
    assert.deepEqual(normalPath("/a?b=../%2e&c=//?"), { path: "/a", query: "?b=../%2e&c=//?" });
    assert.deepEqual(normalPath("http://h?x"), { path: "/", query: "?x" });
  });

  test("what is no path is refused", () => {
    for (const target of [
      "",
      "*",
      "host:80",
      "/%",
      "/%4",
      "/%zz",
      "/%00",
      "/a\\b",
      "/a b",
      "/a#b",
      "/\x7f",
      "/é",
      "/../x",
      "/a/../../x",
      "/?a b",
      "/?#",
    ]) {
      assert.equal(normalPath(target), undefined, target);
    }
  });

  test("normalising twice changes nothing, and leaves no dot segment", () => {
    const piece = fc.constantFrom("/", "a", ".", "..", "%2e", "%2F", "%41", "%c3", "b", "?", "|");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = normalPath(`/${pieces.join("")}`);
        if (once === undefined) return;
        assert.deepEqual(normalPath(once.path + once.query), once);
        assert.doesNotMatch(once.path, /\/\.{1,2}(\/|$)|\/\//);
      }),
    );
  });

  test("a prefix holds whole segments", () => {
    assert.deepEqual(
      [isUnder("/a", "/a"), isUnder("/a/b", "/a/"), isUnder("/ab", "/a"), isUnder("/x", "/")],
      [true, true, false, true],
    );
  });

  test("the bytes of a path are its characters, unless a separator is hidden among them", () => {
    assert.equal(pathBytes("/a%20b/%C3%A9"), "/a b/\xc3\xa9");
    assert.equal(pathBytes("/a%2Fb"), undefined);
    assert.equal(pathBytes("/a%5Cb"), undefined);
  });
});

test("what behind a decoding server, or one with path parameters, would lead upwards is no path", () => {
  for (const path of [
    "/a/..%2fb",
    "/a%2F../b",
    "/a%5c..%5Cb",
    "/..%2F",
    "/a/..;/b",
    "/a/..;x=y/b",
    "/a/.;/b",
    "/a/%2e%2e;/b",
  ])
    assert.equal(normalPath(path), undefined, path);
  for (const path of ["/a%2Fb", "/a..%2Fb", "/a;x=../b", "/...;/b", "/a%5Cb"])
    assert.equal(normalPath(path)?.path, path);
});
