import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { VirtualAuthority } from "./virtual-authority.ts";

const folder = mkdtempSync(join(tmpdir(), "netarium-authority-"));
after(() => rmSync(folder, { recursive: true }));

describe("the authority of virtual hosts", () => {
  test("is made once, also by several at once, in a file that only its owner reads", async () => {
    const own = join(folder, "deep", "cache");
    const all = await Promise.all([VirtualAuthority.open(own), VirtualAuthority.open(own)]);
    const again = await VirtualAuthority.open(own);
    for (const { certificate } of all) assert.equal(certificate, again.certificate);
    assert.equal(statSync(join(own, "virtual-hosts-1.pem")).mode & 0o777, 0o600);
    const [a, b] = [await again.certify(["a.test"]), await again.certify(["b.test"])];
    assert.equal(a.key, b.key, "hosts of one process share a key");
    assert.notEqual(a.certificate, b.certificate);
  });

  test("is made anew in place of what is none", async () => {
    const path = join(folder, "virtual-hosts-1.pem");
    writeFileSync(path, "nonsense");
    const { certificate } = await VirtualAuthority.open(folder);
    assert.ok(readFileSync(path, "utf8").startsWith(certificate));
    assert.equal((await VirtualAuthority.open(folder)).certificate, certificate);
  });

  test("is in memory where there is no place to keep it", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    const authority = await VirtualAuthority.open(join(file, "cache"));
    assert.match((await authority.certify(["a.test"])).certificate, /^-----BEGIN CERTIFICATE-----/);
  });
});
