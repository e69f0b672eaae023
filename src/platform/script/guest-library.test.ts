import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = new URL("./", import.meta.url);
const generated = new URL("guest-library.ts", folder);

test("what scripts are given is src/platform/script/guest as it stands (NETARIUM_UPDATE=1 writes it anew)", async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("guest/socket.ts", folder))],
    bundle: true,
    format: "esm",
    target: "es2022",
    minifyWhitespace: true,
    legalComments: "none",
    conditions: ["netarium:source"],
    write: false,
  });
  const current = `// Made of src/platform/script/guest/ by guest-library.test.ts: change it there.
// biome-ignore-all format: it is one line
// biome-ignore-all lint: where it stands it is looked at

/** The module \`netarium/socket\` of scripts, with all that they find beside ECMAScript. */
export const GUEST_LIBRARY: string = ${JSON.stringify(outputFiles[0]?.text)};
`;
  if (process.env.NETARIUM_UPDATE === "1") writeFileSync(generated, current);
  const run = "run NETARIUM_UPDATE=1 npm test -- src/platform/script/guest-library.test.ts";
  assert.equal(readFileSync(generated, "utf8"), current, run);
});
