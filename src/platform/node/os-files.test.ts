import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { FileChangedError } from "../../application/files.ts";
import { OsFiles, type SymlinkPolicy } from "./os-files.ts";

const skip = process.platform === "win32" ? "symbolic links need rights on Windows" : false;

describe("files of the operating system", { skip }, () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "netarium-files-"));
    mkdirSync(join(folder, "root/sub"), { recursive: true });
    writeFileSync(join(folder, "secret"), "secret");
    writeFileSync(join(folder, "root/a.txt"), "hello");
    writeFileSync(join(folder, "root/sub/large"), Buffer.alloc(700_000, "x"));
    symlinkSync("../a.txt", join(folder, "root/sub/inside"));
    symlinkSync("../secret", join(folder, "root/outside"));
    symlinkSync("..", join(folder, "root/up"));
    symlinkSync("loop", join(folder, "root/loop"));
    execFileSync("mkfifo", [join(folder, "root/pipe")]);
  });
  after(() => rmSync(folder, { recursive: true }));

  const openRoot = (symlinks?: SymlinkPolicy) => OsFiles.open(join(folder, "root"), { symlinks });
  const read = async (files: OsFiles, path: string): Promise<string | undefined> => {
    const found = await files.find(path);
    return found?.kind === "file" ? String(Buffer.from(await found.bytes())) : found?.kind;
  };
  const openFiles = (): number => (process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0);

  test("are found and read, at once and in pieces", async () => {
    const files = await openRoot();
    assert.equal(await read(files, "a.txt"), "hello");
    assert.equal(await read(files, "sub"), "folder");
    assert.equal(await read(files, ""), "folder");
    const large = await files.find("sub/large");
    assert.ok(large?.kind === "file");
    let count = 0;
    for await (const piece of large.read(5, 699_990)) count += piece.length;
    assert.equal(count, 699_985);
    assert.match(large.version, /^[\w.-]+$/);
  });

  test("that may not be read are not there, and neither is the list of such a folder", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "netarium-unreadable-"));
    t.after(() => rmSync(folder, { recursive: true }));
    for (const [name, mode] of [
      ["yes", 0o644],
      ["no", 0o000],
    ] as const) {
      writeFileSync(join(folder, name), name, { mode });
      mkdirSync(join(folder, `${name}-folder`), { mode: mode | 0o111 });
    }
    chmodSync(folder, 0o755);
    const program = `
      const { OsFiles } = await import(${JSON.stringify(import.meta.resolve("./os-files.ts"))});
      const files = await OsFiles.open(${JSON.stringify(folder)});
      const [root, locked] = [await files.find(""), await files.find("no-folder")];
      const names = (await root.list()).map(({ name }) => name).sort();
      console.log(JSON.stringify([names, await files.find("no"), await locked.list()]));`;
    // Nothing is kept from root: it looks as somebody else.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const options = ["--conditions=netarium:source", "--input-type=module", "--eval", program];
    const { stdout, error, stderr } = spawnSync(process.execPath, options, { ...nobody, cwd: "/", encoding: "utf8" });
    if (error !== undefined || /EACCES/.test(stderr)) return t.skip("nobody may not run this node, or read the source");
    assert.deepEqual(JSON.parse(stdout), [["yes", "yes-folder"], null, null], stderr);
  });

  test("that are kept in memory belong to who asked, and are read anew when they have changed", async () => {
    const files = await OsFiles.open(join(import.meta.dirname, "../../.."));
    const text = await read(files, "LICENSE");
    const found = await files.find("LICENSE");
    assert.ok(found?.kind === "file");
    (await found.bytes()).fill(0);
    assert.equal(await read(files, "LICENSE"), text);
    const changing = await openRoot();
    for (const word of ["one", "two", "six"]) {
      writeFileSync(join(folder, "root/changing"), word);
      assert.equal(await read(changing, "changing"), word);
    }
    rmSync(join(folder, "root/changing"));
  });

  test("are read in short pieces at first: whoever asks may never take the rest", async () => {
    const size = 5 * 2 ** 20;
    mkdirSync(join(folder, "larger"));
    writeFileSync(join(folder, "larger/x"), Buffer.alloc(size, "x"));
    const found = await (await OsFiles.open(join(folder, "larger"))).find("x");
    assert.ok(found?.kind === "file");
    const lengths: number[] = [];
    for await (const piece of found.read(0, size)) lengths.push(piece.length);
    assert.equal(
      lengths.reduce((sum, length) => sum + length),
      size,
    );
    assert.deepEqual([lengths[0], lengths[63], lengths[64]], [65_536, 65_536, 262_144]);
  });

  test("follow symbolic links as far as they may", async () => {
    const table = {
      none: [undefined, undefined, undefined],
      inside: ["hello", undefined, undefined],
      all: ["hello", "secret", "secret"],
    } as const;
    for (const [policy, expected] of Object.entries(table)) {
      const files = await openRoot(policy as SymlinkPolicy);
      const found = await Promise.all(["sub/inside", "outside", "up/secret"].map((path) => read(files, path)));
      assert.deepEqual(found, [...expected], policy);
      const list = await files.find("");
      assert.ok(list?.kind === "folder");
      const names = ((await list.list()) ?? []).map(({ name }) => name).sort();
      assert.deepEqual(names, policy === "all" ? ["a.txt", "outside", "sub", "up"] : ["a.txt", "sub"], policy);
    }
  });

  test("that are none are not found: pipes, loops, what is outside, paths that are none", async () => {
    const files = await openRoot("all");
    for (const path of [
      "nothing",
      "a.txt/x",
      "loop",
      "pipe",
      "../secret",
      "..",
      ".",
      "sub/..",
      "a\0b",
      "/a.txt",
      "x".repeat(300),
    ]) {
      assert.equal(await files.find(path), undefined, JSON.stringify(path));
    }
  });

  test("of a large folder are listed all, while others have their turns", async () => {
    const many = join(folder, "root/many");
    mkdirSync(many);
    for (let at = 0; at < 1000; at++) writeFileSync(join(many, `${at}`), "");
    const found = await (await openRoot()).find("many");
    assert.ok(found?.kind === "folder");
    let turns = 0;
    let listing = true;
    const listed = found.list().finally(() => {
      listing = false;
    });
    while (listing) {
      await new Promise((resolve) => setImmediate(resolve));
      turns++;
    }
    assert.equal((await listed)?.length, 1000);
    assert.ok(turns >= 3, `${turns} turns`);
  });

  test("that were exchanged after they were found are not read", async () => {
    const files = await openRoot();
    const path = join(folder, "root/swapped");
    for (const swap of [
      () => writeFileSync(path, "longer than before"),
      () => {
        rmSync(path);
        symlinkSync("../secret", path);
      },
      () => {
        rmSync(path);
        execFileSync("mkfifo", [path]);
      },
      () => rmSync(path),
    ]) {
      rmSync(path, { force: true });
      writeFileSync(path, "short");
      const found = await files.find("swapped");
      assert.ok(found?.kind === "file");
      swap();
      await assert.rejects(found.bytes(), FileChangedError, String(swap));
    }
  });

  test("behind a folder that became a link to the outside are not read", async () => {
    mkdirSync(join(folder, "root/door"));
    mkdirSync(join(folder, "away"));
    writeFileSync(join(folder, "root/door/f"), "inside");
    const files = await openRoot();
    const found = await files.find("door/f");
    renameSync(join(folder, "root/door/f"), join(folder, "away/f"));
    rmSync(join(folder, "root/door"), { recursive: true });
    symlinkSync("../away", join(folder, "root/door"));
    assert.ok(found?.kind === "file");
    await assert.rejects(found.bytes(), FileChangedError);
  });

  test("are closed when they were read, left, or never begun", async () => {
    const files = await openRoot();
    const before = openFiles();
    const large = await files.find("sub/large");
    assert.ok(large?.kind === "file");
    large.read(0, 100);
    for await (const _ of large.read(0, 700_000)) break;
    await large.bytes();
    assert.equal(openFiles(), before);
  });

  test("of a folder that is none cannot be opened", async () => {
    await assert.rejects(OsFiles.open(join(folder, "nothing")), { code: "ENOENT" });
    await assert.rejects(OsFiles.open(join(folder, "secret")), { code: "ENOTDIR" });
  });
});
