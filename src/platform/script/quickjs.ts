import type { QuickJSSyncVariant, QuickJSWASMModule } from "quickjs-emscripten-core";
import { CALLS_BYTES, FIRST_PAGES, MEMORY_PAGES } from "./limits.ts";
import { FUEL_EXPORT, metered, STACK_EXPORT, TABLE_EXPORT } from "./metering.ts";
import { Rejections, trackerModule } from "./rejections.ts";
import {
  type WasmExports,
  type WasmImports,
  type WasmInstance,
  type WasmMemory,
  type WasmModule,
  type WasmTable,
  webAssembly,
} from "./web-assembly.ts";

/** A QuickJS of one script, with memory of its own. */
export interface QuickJs {
  readonly module: QuickJSWASMModule;
  /** What it may still compute; below 0 it has trapped. */
  readonly fuel: { value: number };
  readonly memory: { readonly buffer: { readonly byteLength: number } };
  /** Promises of it that nobody waits for. */
  readonly rejections: Rejections;
  /** What it may still nest calls; below 0 it has trapped. */
  readonly stack: { value: number };
}

/**
 * The imports of QuickJS's module that read the machine's clock and its place on earth, in the version that package.json pins:
 * their names are as short as its compiler made them, and `script-world.test.ts` fails when they are others.
 */
interface Clocks {
  /** emscripten_date_now */
  p: unknown;
  /** _localtime_js */
  m: unknown;
  /** _tzset_js */
  n: unknown;
}

/** Loads QuickJS once, and makes an instance of it for each script. */
export class QuickJsMaker {
  readonly #wasm: () => Promise<Uint8Array>;
  #module: Promise<WasmModule> | undefined;

  /** @param wasm the module of `@jitl/quickjs-wasmfile-release-sync/wasm` */
  constructor(wasm: () => Promise<Uint8Array>) {
    this.#wasm = wasm;
  }

  /** @param date milliseconds since 1970, all that it knows of time */
  async make(date: () => number): Promise<QuickJs> {
    this.#module ??= this.#wasm().then((bytes) => webAssembly.compile(metered(bytes)));
    const tracker = await trackerModule();
    const [module, { newQuickJSWASMModuleFromVariant, newVariant }, { default: exported }] = await Promise.all([
      this.#module,
      import("quickjs-emscripten-core"),
      import("@jitl/quickjs-wasmfile-release-sync"),
    ]);
    // Its types are those of a CommonJS module, which it is not.
    const variant = exported as unknown as QuickJSSyncVariant;
    const memory = new webAssembly.Memory({ initial: FIRST_PAGES, maximum: MEMORY_PAGES });
    let exports: WasmExports = {};
    const instantiateWasm = (imports: WasmImports, done: (instance: WasmInstance) => void): WasmExports => {
      Object.assign(imports.a as object, clocks(memory, date));
      const instance = new webAssembly.Instance(module, imports);
      exports = instance.exports;
      done(instance);
      return exports;
    };
    const own = newVariant(variant, { wasmMemory: memory, emscriptenModule: { instantiateWasm } });
    const made = await newQuickJSWASMModuleFromVariant(own);
    const fuel = exports[FUEL_EXPORT] as QuickJs["fuel"];
    const stack = exports[STACK_EXPORT] as QuickJs["fuel"];
    stack.value = CALLS_BYTES;
    const rejections = new Rejections({ memory, table: exports[TABLE_EXPORT] as WasmTable, tracker });
    return { module: made, memory, rejections, fuel, stack };
  }
}

/** Time as the script's host has it, in UTC. */
function clocks(memory: WasmMemory, date: () => number): Clocks {
  const numbers = (): Int32Array => new Int32Array(memory.buffer);
  return {
    p: date,
    // struct tm of C, from tm_sec to tm_gmtoff.
    m: (seconds: bigint, tm: number): void => {
      const at = new Date(Number(seconds) * 1000);
      const firstOfYear = Date.UTC(at.getUTCFullYear(), 0, 1);
      const fields = [at.getUTCSeconds(), at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth()];
      const day = Math.floor((at.getTime() - firstOfYear) / 86_400_000);
      numbers().set([...fields, at.getUTCFullYear() - 1900, at.getUTCDay(), day, 0, 0], tm >> 2);
    },
    n: (zone: number, daylight: number, standard: number, summer: number): void => {
      numbers()[zone >> 2] = 0;
      numbers()[daylight >> 2] = 0;
      for (const at of [standard, summer]) new Uint8Array(memory.buffer).set([0x55, 0x54, 0x43, 0], at);
    },
  };
}
