/**
 * The web globals that Node and every browser share and that read no clock and do no I/O: all that the core may use
 * beside ES2023. Only the core's projects include this file; where Node's or the DOM's types are present they declare
 * the same names, so what is declared here must stay a subset of theirs: no type is named here that one of them lacks.
 * Node's, for one, know TextEncoder as a value only; its type is `InstanceType<typeof TextEncoder>`.
 */

interface URLSearchParams {
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  toString(): string;
  forEach(callback: (value: string, key: string, parent: URLSearchParams) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}

declare var URLSearchParams: {
  prototype: URLSearchParams;
  new (init?: string | Record<string, string> | [string, string][] | URLSearchParams): URLSearchParams;
};

interface URL {
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  readonly searchParams: URLSearchParams;
  username: string;
  toString(): string;
  toJSON(): string;
}

declare var URL: {
  prototype: URL;
  new (url: string | URL, base?: string | URL): URL;
  canParse(url: string | URL, base?: string | URL): boolean;
};

declare var TextEncoder: {
  new (): {
    readonly encoding: string;
    encode(input?: string): Uint8Array<ArrayBuffer>;
    encodeInto(source: string, destination: Uint8Array): { read: number; written: number };
  };
};

declare var TextDecoder: {
  new (
    label?: string,
    options?: { fatal?: boolean; ignoreBOM?: boolean },
  ): {
    readonly encoding: string;
    readonly fatal: boolean;
    readonly ignoreBOM: boolean;
    decode(input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
  };
};

interface Blob {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  slice(start?: number, end?: number, type?: string): Blob;
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  text(): Promise<string>;
}

declare var Blob: {
  prototype: Blob;
  new (parts?: (Uint8Array<ArrayBuffer> | ArrayBuffer | string | Blob)[], options?: { type?: string }): Blob;
};

interface File extends Blob {
  readonly name: string;
  readonly lastModified: number;
}

/** `lastModified` is always given in the core: without it the machine's clock is read. */
declare var File: {
  prototype: File;
  new (
    parts: (Uint8Array<ArrayBuffer> | ArrayBuffer | string | Blob)[],
    name: string,
    options: { type?: string; lastModified: number },
  ): File;
};

interface FormData {
  append(name: string, value: string | Blob): void;
  append(name: string, value: Blob, filename?: string): void;
  delete(name: string): void;
  get(name: string): File | string | null;
  getAll(name: string): (File | string)[];
  has(name: string): boolean;
  set(name: string, value: string | Blob): void;
  set(name: string, value: Blob, filename?: string): void;
  entries(): IterableIterator<[string, File | string]>;
  keys(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, File | string]>;
}

declare var FormData: {
  prototype: FormData;
  new (): FormData;
};

interface Event {
  readonly type: string;
}

interface AbortSignal {
  readonly aborted: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: the same type as Node's and the DOM's, which is part of the contract
  readonly reason: any;
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: (event: Event) => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: (event: Event) => void): void;
}

/** Without `timeout`, which reads the machine's clock: a deadline in the core is a timer of its scheduler. */
declare var AbortSignal: {
  prototype: AbortSignal;
  abort(reason?: unknown): AbortSignal;
  any(signals: AbortSignal[]): AbortSignal;
};

interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare var AbortController: {
  prototype: AbortController;
  new (): AbortController;
};

interface QueuingStrategy<T> {
  highWaterMark?: number;
  size?: (chunk: T) => number;
}

interface ReadableStreamDefaultController<R> {
  readonly desiredSize: number | null;
  close(): void;
  enqueue(chunk: R): void;
  error(reason?: unknown): void;
}

interface ReadableStreamDefaultReader<R> {
  readonly closed: Promise<void>;
  cancel(reason?: unknown): Promise<void>;
  read(): Promise<{ done: false; value: R } | { done: true; value: R | undefined }>;
  releaseLock(): void;
}

interface ReadableStream<R> {
  readonly locked: boolean;
  cancel(reason?: unknown): Promise<void>;
  getReader(): ReadableStreamDefaultReader<R>;
  pipeThrough<T>(
    transform: { readable: ReadableStream<T>; writable: WritableStream<R> },
    options?: { preventAbort?: boolean; preventCancel?: boolean; preventClose?: boolean; signal?: AbortSignal },
  ): ReadableStream<T>;
  pipeTo(
    destination: WritableStream<R>,
    options?: { preventAbort?: boolean; preventCancel?: boolean; preventClose?: boolean; signal?: AbortSignal },
  ): Promise<void>;
  tee(): [ReadableStream<R>, ReadableStream<R>];
}

declare var ReadableStream: {
  prototype: ReadableStream<unknown>;
  new <R>(
    source?: {
      start?: (controller: ReadableStreamDefaultController<R>) => unknown;
      pull?: (controller: ReadableStreamDefaultController<R>) => void | PromiseLike<void>;
      cancel?: (reason?: unknown) => void | PromiseLike<void>;
    },
    strategy?: QueuingStrategy<R>,
  ): ReadableStream<R>;
};

interface WritableStreamDefaultController {
  readonly signal: AbortSignal;
  error(reason?: unknown): void;
}

interface WritableStreamDefaultWriter<W> {
  readonly closed: Promise<void>;
  readonly desiredSize: number | null;
  readonly ready: Promise<void>;
  abort(reason?: unknown): Promise<void>;
  close(): Promise<void>;
  releaseLock(): void;
  write(chunk: W): Promise<void>;
}

interface WritableStream<W> {
  readonly locked: boolean;
  abort(reason?: unknown): Promise<void>;
  close(): Promise<void>;
  getWriter(): WritableStreamDefaultWriter<W>;
}

declare var WritableStream: {
  prototype: WritableStream<unknown>;
  new <W>(
    sink?: {
      start?: (controller: WritableStreamDefaultController) => unknown;
      write?: (chunk: W, controller: WritableStreamDefaultController) => void | PromiseLike<void>;
      close?: () => void | PromiseLike<void>;
      abort?: (reason?: unknown) => void | PromiseLike<void>;
    },
    strategy?: QueuingStrategy<W>,
  ): WritableStream<W>;
};

/** As much as makes a memory and a module of ours over it, at once. */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
  var Memory: {
    prototype: Memory;
    new (descriptor: { initial: number; maximum?: number }): Memory;
  };
  // biome-ignore lint/suspicious/noEmptyInterface: nothing of a module is looked at
  interface Module {}
  var Module: {
    prototype: Module;
    new (bytes: ArrayBuffer | ArrayBufferView<ArrayBuffer>): Module;
  };
  interface Instance {
    readonly exports: Record<string, unknown>;
  }
  var Instance: {
    prototype: Instance;
    new (module: Module, imports: Record<string, Record<string, Memory>>): Instance;
  };
}
