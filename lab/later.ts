import { join, relative, sep } from "node:path";
import type { Plugin } from "esbuild";

const LATER = "src/platform/browser/lab/later";

/** Modules that a network runs without, and what stands in their places in a Worker until they have been loaded. */
const IN_PLACE_OF: ReadonlyMap<string, string> = new Map([
  ["src/engine/analysis.ts", `${LATER}/analysis.ts`],
  ["src/platform/lab/messages.ts", `${LATER}/messages.ts`],
  ["src/application/registry.ts", `${LATER}/registry.ts`],
  ["src/application/shell/session.ts", `${LATER}/session.ts`],
]);

/** Leads imports of such a module to what stands in its place, which alone gets the module itself. @param root of the repository */
export const later = (root: string): Plugin => ({
  name: "later",
  setup: (build) => {
    build.onResolve({ filter: /^\..*\.ts$/ }, ({ path, resolveDir, importer }) => {
      const wanted = relative(root, join(resolveDir, path)).split(sep).join("/");
      const stand = IN_PLACE_OF.get(wanted);
      if (stand === undefined || importer === join(root, stand)) return undefined;
      return { path: join(root, stand) };
    });
  },
});
