import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { QuickJsScripts } from "../../script/quickjs-scripts.ts";

// Taken when the module is loaded, so that a test with false timers does not stop it.
const { performance } = globalThis;

/** Runs scripts in this process. QuickJS is read when the first one runs. @param wall in place of the machine's clock */
export function nodeScripts(wall = (): number => performance.now()): QuickJsScripts {
  const { resolve } = createRequire(import.meta.url);
  const wasm = (): Promise<Uint8Array> => readFile(resolve("@jitl/quickjs-wasmfile-release-sync/wasm"));
  return new QuickJsScripts({ wasm, wall });
}
