import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compareNames, escapeHtml, listed, listingJson, listingPage, sizeOf } from "./listing.ts";

const entry = (name: string, kind: "file" | "folder" = "file", size = 5) => ({
  name,
  kind,
  size,
  modified: Date.UTC(2026, 0, 2, 3, 4),
});

describe("the listing of a folder", () => {
  test("has folders first, then files by name, and none that is hidden", () => {
    const entries = listed([
      entry("b10"),
      entry("b9"),
      entry(".git", "folder"),
      entry("A"),
      entry("z", "folder"),
      entry("a\nb"),
    ]);
    assert.deepEqual(
      entries.map(({ href }) => href),
      ["z/", "A", "b9", "b10"],
    );
    assert.ok(compareNames("a", "a1") < 0 && compareNames("a01", "a1") !== 0 && compareNames("x", "x") === 0);
  });

  test("is drawn on the background of its colour scheme, and says when there is nothing", () => {
    const empty = listingPage("/a/", [], false);
    assert.match(empty, /:root\{color-scheme:light dark\}/);
    assert.ok(empty.includes("Nothing is here."));
    assert.ok(!listingPage("/", listed([entry("a")]), true).includes("Nothing is here."));
  });

  test("never says in HTML what a name says", () => {
    const nasty = `<script>alert("1")</script>&'`;
    const page = listingPage(
      `/${nasty}/`,
      listed([entry(`${nasty}".html`.replaceAll("/", "")), entry("javascript:alert(1)")]),
      false,
    );
    assert.ok(!page.includes("<script>"));
    assert.ok(page.includes('href="./javascript%3Aalert(1)"'));
    assert.ok(page.includes("%3Cscript%3E"));
    assert.ok(page.includes('<a href="../">'));
    assert.equal(escapeHtml(`<&>"'`), "&lt;&amp;&gt;&quot;&#39;");
  });

  test("says sizes and times", () => {
    assert.deepEqual([0, 1023, 1024, 1536, 5 * 2 ** 30].map(sizeOf), [
      "0 B",
      "1023 B",
      "1.0 KiB",
      "1.5 KiB",
      "5.0 GiB",
    ]);
    assert.ok(listingPage("/", listed([entry("a")]), true).includes("<td>5 B</td><td>2026-01-02 03:04</td>"));
    assert.deepEqual(JSON.parse(listingJson(listed([entry("a b")]))), [
      { name: "a b", kind: "file", size: 5, modified: "2026-01-02T03:04:00.000Z", href: "a%20b" },
    ]);
  });
});
