import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "esbuild";

/** The module of the page that has the programs of examples/programs as texts: for the build, they are data. */
const MODULE = "netarium:program-examples";

/** The one that is shown first. */
const FIRST = "time-server.ts";

/** @param root of the repository */
export const programExamples = (root: string): Plugin => ({
  name: "program-examples",
  setup: (build) => {
    build.onResolve({ filter: /^netarium:program-examples$/ }, () => ({ path: MODULE, namespace: "examples" }));
    build.onLoad({ filter: /.*/, namespace: "examples" }, () => {
      const folder = join(root, "examples", "programs");
      const others = readdirSync(folder).filter((name) => /(?<!\.d)\.ts$/.test(name) && name !== FIRST);
      const examples = [FIRST, ...others.sort()].map((name) => ({
        name,
        source: readFileSync(join(folder, name), "utf8"),
      }));
      return { contents: `export const EXAMPLES = ${JSON.stringify(examples)};`, loader: "js" };
    });
  },
});
