import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { HostDocument, NetworkDocument } from "../../network/document.ts";
import { NAMED_FILE_LIMIT, readNetworkFile } from "./network-file.ts";

const ZONE = "x. 1 SOA a. b. 1 2 3 4 5\nx. NS a.\n";

/** A network file in a folder of its own, with a name server for a file. */
function folderOf(t: TestContext): { folder: string; write: (zoneFile: string) => string } {
  const folder = mkdtempSync(join(tmpdir(), "netarium-file-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const write = (zoneFile: string): string => {
    const path = join(folder, "net.yaml");
    const program = `{ run: dns-server, with: { zoneFiles: [${JSON.stringify(zoneFile)}] } }`;
    writeFileSync(path, `netarium: 1\ndevices:\n  ns: { kind: host, programs: [${program}] }\n`);
    return path;
  };
  return { folder, write };
}

test("files that a network file names are read from its folder, and count for its hash", (t) => {
  const { folder, write } = folderOf(t);
  mkdirSync(join(folder, "zones"));
  writeFileSync(join(folder, "zones/x.zone"), ZONE);
  const path = write("zones/x.zone");
  const first = readNetworkFile(path);
  const { devices } = first.document as NetworkDocument;
  assert.deepEqual((devices[0] as HostDocument).programs[0]?.parameters, {
    zoneFiles: [{ path: "zones/x.zone", text: ZONE }],
  });
  writeFileSync(join(folder, "zones/x.zone"), `${ZONE}; changed\n`);
  assert.notEqual(readNetworkFile(path).sha256, first.sha256);
});

test("files that a network file names are files of its folder, of a limited size", (t) => {
  const { folder, write } = folderOf(t);
  const hints = (named: string) => readNetworkFile(write(named)).problems.map(({ hint }) => hint);
  symlinkSync("/etc/hostname", join(folder, "link"));
  symlinkSync("x.zone", join(folder, "inside"));
  symlinkSync("nowhere", join(folder, "broken"));
  mkdirSync(join(folder, "folder"));
  writeFileSync(join(folder, "x.zone"), ZONE);
  writeFileSync(join(folder, "large"), new Uint8Array(NAMED_FILE_LIMIT + 1));
  assert.deepEqual(hints("inside"), []);
  assert.deepEqual(hints("link"), ["it is a link that leads out of the file's folder"]);
  assert.deepEqual(hints("folder"), ["it is no file"]);
  assert.deepEqual(hints("."), ["it is a link that leads out of the file's folder"]);
  assert.deepEqual(hints("large"), [`it has more than ${NAMED_FILE_LIMIT} bytes`]);
  assert.match(hints("broken")[0] ?? "", /ENOENT/);
  assert.match(hints("/etc/hostname")[0] ?? "", /write a path inside it/);
  assert.match(hints("folder/../x.zone")[0] ?? "", /write a path inside it/);
  if (process.platform === "win32") return;
  execFileSync("mkfifo", [join(folder, "pipe")]);
  assert.deepEqual(hints("pipe"), ["it is no file"], "and nobody waits for it");
});
