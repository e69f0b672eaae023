import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { findScript } from "./find-script.ts";

describe("finding a script", () => {
  let folder = "";
  let root = "";
  const find = (path: string, given = {}) => {
    const found = findScript(path, { root, executable: false, ...given });
    return found && [found.scriptName, found.pathInfo, found.file.slice(root.length)];
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "netarium-scripts-"));
    root = join(folder, "root");
    mkdirSync(join(root, "sub", ".hidden"), { recursive: true });
    for (const file of ["a.cgi", "index.php", "sub/index.php", "sub/é.php", "sub/.hidden/x", ".dot", "../outside"]) {
      writeFileSync(join(root, file), "");
    }
    chmodSync(join(root, "a.cgi"), 0o755);
    symlinkSync(join(folder, "outside"), join(root, "link"));
    symlinkSync(join(root, "a.cgi"), join(root, "inner"));
  });
  after(() => rmSync(folder, { recursive: true }));

  test("the first file on the way is it, and what follows is PATH_INFO", () => {
    assert.deepEqual(find("/a.cgi"), ["/a.cgi", "", "/a.cgi"]);
    assert.deepEqual(find("/a.cgi/"), ["/a.cgi", "/", "/a.cgi"]);
    assert.deepEqual(find("/a.cgi/x/y"), ["/a.cgi", "/x/y", "/a.cgi"]);
    assert.deepEqual(find("/sub/\xc3\xa9.php/x"), ["/sub/\xc3\xa9.php", "/x", "/sub/é.php"]);
  });

  test("a folder has an index where one is asked for", () => {
    assert.equal(find("/sub/"), undefined);
    assert.deepEqual(find("/sub/", { index: "index.php" }), ["/sub/index.php", "", "/sub/index.php"]);
    assert.deepEqual(find("/", { index: "index.php" }), ["/index.php", "", "/index.php"]);
    assert.equal(find("/sub", { index: "index.php" }), undefined);
  });

  test("nothing else is found", () => {
    for (const path of [
      "/none",
      "/.dot",
      "/sub/.hidden/x",
      "/../outside",
      "/link",
      "/sub",
      "/\xff",
      `/${"x".repeat(300)}`,
      "/a\0",
    ]) {
      assert.equal(find(path), undefined, path);
    }
    assert.notEqual(find("/inner"), undefined);
    assert.equal(find("/a.cgi", { extension: ".php" }), undefined);
    assert.equal(find("/index.php", { executable: true }), undefined);
    assert.notEqual(find("/a.cgi", { executable: true }), undefined);
  });
});
