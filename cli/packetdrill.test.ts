import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cli, temporaryFolder } from "../test/support/cli.ts";

const REFUSED = "`./prepare`\n0 < S 0:0(0) win 1000\n+0 > R. 0:0(0) ack 1\n";

test("scripts that pass end with exit code 0, one that fails with 1, and it says where", async (t) => {
  const folder = temporaryFolder(t);
  const [good, bad] = [join(folder, "good.pkt"), join(folder, "bad.pkt")];
  writeFileSync(good, REFUSED);
  writeFileSync(bad, REFUSED.replace("ack 1", "ack 2"));
  const [one, both, told] = await Promise.all([
    cli("packetdrill", good),
    cli("packetdrill", good, bad),
    cli("packetdrill", "--verbose", good),
  ]);
  assert.deepEqual([one.code, one.stdout], [0, `ok   ${good} (1 note: --verbose)\n`]);
  assert.equal(both.code, 1);
  assert.match(
    both.stdout,
    /^ok {3}.*\nfail .*bad\.pkt:3: ack: expected 2, came 1\n +expected: .*\n +came: .*\n2 scripts, 1 failed\n$/,
  );
  assert.match(told.stdout, /^.*good\.pkt:1: note: the line of shell is passed over: \.\/prepare\nok/);
});

test("options and names come from the command line too", async (t) => {
  const file = join(temporaryFolder(t), "x.pkt");
  writeFileSync(file, "#ifdef YES\n0 close(3) = 0\n#endif\n");
  assert.equal((await cli("packetdrill", file)).code, 0);
  assert.equal((await cli("packetdrill", "--define", "YES", file)).code, 1);
  assert.equal((await cli("packetdrill", "--define", "YES", "--option", "non_fatal=syscall", file)).code, 0);
});

test("bad usage and files that cannot be read end with exit code 2", async () => {
  const results = await Promise.all([
    cli("packetdrill"),
    cli("packetdrill", "no-such.pkt"),
    cli("packetdrill", "--option", "x", "package.json"),
  ]);
  assert.deepEqual(
    results.map(({ code }) => code),
    [2, 2, 2],
  );
  assert.match(results[1]?.stderr ?? "", /no-such\.pkt: there is no such file/);
  assert.match(results[2]?.stderr ?? "", /--option x: it is NAME=VALUE/);
});
