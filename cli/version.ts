import { createRequire } from "node:module";

/** The package's own, wherever it stands. */
export const { version } = createRequire(import.meta.url)("netarium/package.json") as { version: string };
