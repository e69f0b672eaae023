import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { heldFiles } from "./files.ts";
import { MemoryFiles } from "./memory-files.ts";

const files = new MemoryFiles(
  [
    ["index.html", "<p>"],
    ["/css/a/site.css", "p{}"],
    ["css/b.css", new Uint8Array(200_000)],
  ],
  5,
);

async function text(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  let all = "";
  for await (const piece of pieces) all += new TextDecoder().decode(piece);
  return all;
}

describe("files in memory", () => {
  test("are found by their paths, and their folders too", async () => {
    const index = await files.find("index.html");
    assert.ok(index?.kind === "file");
    assert.deepEqual([index.size, index.modified], [3, 5]);
    assert.equal(new TextDecoder().decode(await index.bytes()), "<p>");
    const list = async (path: string) => {
      const found = await files.find(path);
      assert.ok(found?.kind === "folder", path);
      return ((await found.list()) ?? []).map(({ name, kind, size }) => `${kind} ${name} ${size}`).sort();
    };
    assert.deepEqual(await list(""), ["file index.html 3", "folder css 0"]);
    assert.deepEqual(await list("css"), ["file b.css 200000", "folder a 0"]);
    assert.deepEqual(await list("css/a"), ["file site.css 3"]);
    for (const path of ["nothing", "css/a/site.css/x", "/", "__proto__"])
      assert.equal(await files.find(path), undefined, path);
  });

  test("are read in pieces, and nobody can change them", async () => {
    const large = await files.find("css/b.css");
    assert.ok(large?.kind === "file");
    assert.equal((await text(large.read(1, 199_999))).length, 199_998);
    const first = await large.bytes();
    first.fill(1);
    assert.equal((await large.bytes())[0], 0);
  });

  test("have versions by their contents", async () => {
    const version = async (content: string) => {
      const found = await new MemoryFiles([["a", content]], 0).find("a");
      return found?.kind === "file" ? found.version : "";
    };
    assert.equal(await version("x"), await version("x"));
    assert.notEqual(await version("x"), await version("y"));
  });

  test("cannot be a folder too, nor stand outside", () => {
    for (const paths of [["a", "a/b"], ["a/b", "a"], ["a", "/a"], ["../a"], ["a//b"], [""], ["a/"]]) {
      assert.throws(
        () =>
          new MemoryFiles(
            paths.map((path) => [path, ""] as const),
            0,
          ),
        RangeError,
        paths.join(),
      );
    }
  });

  test("of a virtual host are read while its time stands still", async () => {
    const names: string[] = [];
    const held = heldFiles(files, (promise, name) => {
      names.push(name);
      return promise;
    });
    const found = await held.find("css/b.css");
    assert.ok(found?.kind === "file");
    await text(found.read(0, 100));
    await found.bytes();
    const folder = await held.find("");
    assert.ok(folder?.kind === "folder");
    await folder.list();
    assert.deepEqual([...new Set(names)], ["find a file", "read a file", "list a folder"]);
  });
});
