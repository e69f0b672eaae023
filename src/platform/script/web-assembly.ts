/** As much of WebAssembly's JavaScript interface as is used here: Node's types have none of it. */
interface WebAssemblyInterface {
  readonly Memory: new (descriptor: { readonly initial: number; readonly maximum: number }) => WasmMemory;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
  compile(bytes: Uint8Array<ArrayBuffer>): Promise<WasmModule>;
}

/** Functions that the code of a module calls by their number. */
export interface WasmTable {
  readonly length: number;
  set(index: number, value: unknown): void;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** Compiled code, of which there may be any number of instances. */
export interface WasmModule {
  readonly [brand: symbol]: never;
}

export interface WasmInstance {
  readonly exports: WasmExports;
}

export type WasmExports = Readonly<Record<string, unknown>>;
export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyInterface }).WebAssembly;
