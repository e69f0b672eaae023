import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { cli, temporaryFolder } from "../test/support/cli.ts";

const DAY = 86_400_000;
const read = (path: string) => new X509Certificate(readFileSync(path));

describe("netarium ca", () => {
  test("makes an authority once, whose key only its owner can read, and issues what it may", async (t) => {
    const folder = join(temporaryFolder(t), "ca");
    const first = await cli("ca", "--dir", folder, "--domain", "home.example.org");
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^made a local certificate authority:/);
    assert.match(first.stdout, /curl --cacert \S+ca\.pem/);
    assert.equal(statSync(join(folder, "ca-key.pem")).mode & 0o777, 0o600);
    const again = await cli("ca", "--dir", folder);
    assert.match(again.stdout, /^the local certificate authority:[\s\S]*home\.example\.org, 127\.0\.0\.0\/8/);
    const out = join(folder, "issued");
    mkdirSync(out);
    writeFileSync(join(out, "_wildcard.www.test-key.pem"), "one that all could read", { mode: 0o644 });
    const issued = await cli(
      "ca",
      "issue",
      "*.www.test",
      "a.home.example.org",
      "127.0.0.1",
      "--dir",
      folder,
      "--out",
      out,
    );
    assert.equal(issued.code, 0, issued.stderr);
    assert.equal(statSync(join(out, "_wildcard.www.test-key.pem")).mode & 0o777, 0o600);
    const [ca, leaf] = [read(join(folder, "ca.pem")), read(join(out, "_wildcard.www.test.pem"))];
    assert.ok(leaf.checkIssued(ca) && leaf.verify(ca.publicKey));
    assert.equal(leaf.subjectAltName, "DNS:*.www.test, DNS:a.home.example.org, IP Address:127.0.0.1");
    assert.equal(leaf.validToDate.getTime() - leaf.validFromDate.getTime(), 397 * DAY);
  });

  test("says what is wrong in a line", async (t) => {
    const folder = temporaryFolder(t);
    const none = await cli("ca", "issue", "a.test", "--dir", folder);
    assert.deepEqual(
      [none.code, none.stderr],
      [2, `netarium: ${folder}: there is no authority yet; make it with: netarium ca\n`],
    );
    assert.equal((await cli("ca", "--dir", folder)).code, 0);
    const strange = await cli("ca", "issue", "example.com", "--dir", folder, "--out", folder);
    assert.equal(strange.code, 2);
    assert.match(
      strange.stderr,
      /^netarium: this authority may not certify example\.com, only names and addresses of localhost/,
    );
    for (const args of [["issue", "a.test", "--days", "398"], ["issue"], ["--domain", "a b"]]) {
      assert.equal((await cli("ca", ...args, "--dir", folder)).code, 2, args.join(" "));
    }
    const late = await cli("ca", "--dir", folder, "--domain", "example.org");
    assert.match(late.stderr, /there is an authority already/);
  });
});
