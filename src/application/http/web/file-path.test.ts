import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { encodeName, filePath } from "./file-path.ts";

const read = (target: string): string | number => {
  const found = filePath(target);
  return typeof found === "number" ? found : `${found.path}${found.isFolder ? "/" : ""}`;
};

describe("the file that a request-target names", () => {
  test("is its path, decoded once", () => {
    const table: Record<string, string> = {
      "/": "/",
      "/a": "a",
      "/a/b.txt?x=/../y": "a/b.txt",
      "/a/": "a/",
      "/a%20b": "a b",
      "/gr%C3%BC%C3%9Fe": "grüße",
      "/%2541": "%41",
      "/a/./b/../c": "a/c",
      "/a//b": "a/b",
      "http://a.test/a": "a",
      "http://a.test": "/",
      "/.well-known/acme": ".well-known/acme",
      "/a/...b": "404",
      "/a%3fb": "a?b",
    };
    for (const [target, path] of Object.entries(table)) assert.equal(String(read(target)), path, target);
  });

  test("is never outside, hidden, or two names in one, in any encoding", () => {
    const bad = [
      ...["/..", "/../etc/passwd", "/a/../../etc/passwd", "/%2e%2e/etc/passwd", "/%2E%2E%2Fetc%2Fpasswd", "/..%2fetc"],
      ...["/a%2f..%2f..%2fetc", "/..\\etc", "/..%5cetc%5cpasswd", "/a%5c..%5cb", "/%00", "/a%00.html", "/a%0d%0ab"],
      ...["/%c0%ae%c0%ae/etc", "/%c0%afetc", "/%e0%80%af", "/%ff", "/%ed%a0%80", "/%", "/%4", "/%zz", "/a#b", ""],
      ...[
        "*",
        "a.test:80",
        "ftp://a.test/x",
        "/.git/config",
        "/a/.env",
        "/%2egit/config",
        "/a/.well-known/x",
        "/.well-known/.x",
      ],
      ...["/a b", "/é", "/.../x", `/${"x".repeat(1000)}`, "/a".repeat(100)],
    ];
    for (const target of bad) assert.ok([400, 404].includes(read(target) as number), `${target} is ${read(target)}`);
  });

  test("whatever comes: below the root, and no name is hidden or holds a separator", () => {
    const piece = fc.oneof(
      fc.constantFrom("..", ".", "/", "//", "%2e", "%2f", "%5c", "\\", "%00", "%c0%ae", "%252e", "a", "?", "#", ":"),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const found = filePath(`/${pieces.join("")}`);
        if (typeof found === "number") return;
        for (const name of found.path.split("/").slice(found.path === "" ? 1 : 0)) {
          assert.ok(name !== "" && (!name.startsWith(".") || name === ".well-known"), JSON.stringify(name));
          assert.ok(!/[\\\0/]/.test(name));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("is named by any name, encoded", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), (name) => {
        if (/[/\\\p{Cc}]/u.test(name) || name.startsWith(".") || /\p{Cs}/u.test(name)) return;
        assert.equal(read(`/${encodeName(name)}`), name);
      }),
    );
  });
});
