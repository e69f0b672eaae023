import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import test from "node:test";
import wabt from "wabt";

const path = new URL("../src/base/checksum-code.ts", import.meta.url);

test("the code of the sums is what their source compiles to (NETARIUM_UPDATE=1 writes it anew)", async () => {
  const source = readFileSync(new URL("../src/base/checksum.wat", import.meta.url), "utf8");
  const { parseWat } = await wabt();
  const { buffer } = parseWat("checksum.wat", source, { simd: true, bulk_memory: true }).toBinary({});
  const [doc, declaration] = readFileSync(path, "utf8").split("\n");
  const lines =
    Buffer.from(buffer)
      .toString("base64")
      .match(/.{1,110}/g) ?? [];
  const current = `${doc}\n${declaration}\n${lines.map((line) => `  "${line}"`).join(" +\n")};\n`;
  if (process.env.NETARIUM_UPDATE === "1") writeFileSync(path, current);
  assert.equal(readFileSync(path, "utf8"), current, "run NETARIUM_UPDATE=1 npm test -- test/checksum-code.test.ts");
});
