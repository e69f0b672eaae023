import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from "quickjs-emscripten-core";
import { type WasmInstance, type WasmMemory, type WasmModule, type WasmTable, webAssembly } from "./web-assembly.ts";

/**
 * A module that makes of a function of JavaScript one that QuickJS can call, of the type of its JSHostPromiseRejectionTracker:
 * `(ctx: i32, promise: i64, reason: i64, isHandled: i32, opaque: i32) → nothing`. It imports `h.f` and exports it as `f`.
 */
const TRACKER_MODULE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x09, 0x01, 0x60, 0x05, 0x7f, 0x7e, 0x7e, 0x7f, 0x7f, 0x00],
  ...[0x02, 0x07, 0x01, 0x01, 0x68, 0x01, 0x66, 0x00, 0x00],
  ...[0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00],
);

let compiled: Promise<WasmModule> | undefined;

/** The module of {@link Rejections}, compiled once. */
export function trackerModule(): Promise<WasmModule> {
  compiled ??= webAssembly.compile(TRACKER_MODULE);
  return compiled;
}

/** What {@link Rejections} needs of an instance of QuickJS. */
export interface RejectionParts {
  readonly memory: WasmMemory;
  readonly table: WasmTable;
  readonly tracker: WasmModule;
}

/** What the library keeps to itself of a runtime and a context: the version is pinned, and the tests use it. */
interface RuntimeInside {
  readonly rt: { readonly value: number };
}
interface ContextInside {
  readonly ctx: { readonly value: number };
  readonly ffi: { QTS_DupValuePointer(context: number, pointer: number): number };
  readonly memory: {
    heapValueHandle(pointer: number): QuickJSHandle;
    readonly module: { _malloc(size: number): number };
  };
}

/** Words of JSRuntime among which the interrupt handler is looked for. */
const RUNTIME_WORDS = 256;

/** A rejected promise and its reason, kept alive until somebody has looked. */
interface Rejected {
  readonly promise: QuickJSHandle;
  readonly reason: QuickJSHandle;
}

/**
 * Promises that were rejected and that nobody waits for. QuickJS tells of them to a host that asks for it, and the library does not:
 * so they are asked for where QuickJS keeps who is told.
 */
export class Rejections {
  readonly #memory: WasmMemory;
  readonly #index: number;
  /** By the promise, as QuickJS has values. */
  readonly #open = new Map<bigint, Rejected>();
  #context: ContextInside | undefined;
  #scratch = 0;

  constructor({ memory, table, tracker }: RejectionParts) {
    this.#memory = memory;
    this.#index = table.length - 1;
    const f = (_: number, promise: bigint, reason: bigint, isHandled: number): void => {
      if (isHandled !== 0) this.#forget(promise);
      else if (!this.#open.has(promise))
        this.#open.set(promise, { promise: this.#kept(promise), reason: this.#kept(reason) });
    };
    const { exports }: WasmInstance = new webAssembly.Instance(tracker, { h: { f } });
    table.set(this.#index, exports.f);
  }

  /**
   * Asks to be told. In JSRuntime stand, one after the other, the interrupt handler, what it is given, and the tracker: the first
   * is the word that changes when it is set.
   * @throws RangeError when none does
   */
  ask(runtime: QuickJSRuntime, setInterruptHandler: () => void): void {
    const start = (runtime as unknown as RuntimeInside).rt.value >> 2;
    const words = (): Uint32Array => new Uint32Array(this.#memory.buffer).subarray(start, start + RUNTIME_WORDS);
    const before = words().slice();
    setInterruptHandler();
    const handler = before.findIndex((word, index) => word !== words()[index]);
    if (handler < 0) throw new RangeError("QuickJS keeps its interrupt handler elsewhere");
    words()[handler + 2] = this.#index;
  }

  /** Begins with the runtime's context. */
  begin(context: QuickJSContext): void {
    this.#context = context as unknown as ContextInside;
    this.#scratch = this.#context.memory.module._malloc(8);
  }

  /** The reason of the first that nobody waits for. */
  first(): QuickJSHandle | undefined {
    for (const { reason } of this.#open.values()) return reason;
    return undefined;
  }

  #forget(promise: bigint): void {
    const rejected = this.#open.get(promise);
    this.#open.delete(promise);
    rejected?.promise.dispose();
    rejected?.reason.dispose();
  }

  #kept(value: bigint): QuickJSHandle {
    const { ctx, ffi, memory } = this.#context as ContextInside;
    new BigInt64Array(this.#memory.buffer)[this.#scratch >> 3] = value;
    return memory.heapValueHandle(ffi.QTS_DupValuePointer(ctx.value, this.#scratch));
  }
}
