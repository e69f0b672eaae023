import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HOST_FILES_LIMIT, HostFiles } from "./host-files.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function read(files: HostFiles, path: string): Promise<string> {
  let text = "";
  for await (const piece of (await files.open(path)).pieces()) text += new TextDecoder().decode(piece);
  return text;
}

describe("files of a host", () => {
  test("what is written is read again, under any way to write its path", async () => {
    const files = new HostFiles();
    const file = await files.create("a/./b");
    await file.write(bytes("one "));
    await file.write(bytes("two"));
    await file.close();
    assert.equal(await read(files, "/a/c/../b"), "one two");
    assert.deepEqual(files.paths, ["a/b"]);
    await files.create("a/b");
    assert.equal(await read(files, "a/b"), "");
  });

  test("what cannot be is told by its code", async () => {
    const files = new HostFiles();
    await files.create("a");
    await assert.rejects(files.open("b"), { code: "ENOENT" });
    await assert.rejects(files.create("b/"), { code: "EISDIR" });
    await assert.rejects(files.create("a", { fresh: true }), { code: "EEXIST" });
    await files.remove("a");
    await assert.rejects(files.open("a"), { code: "ENOENT" });
  });

  test("their bytes together have a limit, and what is removed no longer counts", async () => {
    const files = new HostFiles();
    const big = await files.create("big");
    await big.write(new Uint8Array(HOST_FILES_LIMIT));
    await assert.rejects((await files.create("more")).write(bytes("x")), { code: "ENOSPC" });
    await files.remove("big");
    await (await files.create("more")).write(bytes("x"));
    assert.equal(await read(files, "more"), "x");
  });
});
