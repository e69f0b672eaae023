import { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { Chunks } from "./chunks.ts";

/** Turns of the event loop without a sign of life after which all is done that could be. */
const QUIET_TURNS = 2;

/** What is given to an engine at once. */
export interface EngineInput {
  /** What came from the peer. */
  readonly cipher?: Uint8Array | undefined;
  /** What is to be ciphered; only once the handshake is over. */
  readonly plain?: Uint8Array | undefined;
  /** Nothing more will be: close_notify follows. */
  readonly end?: boolean | undefined;
}

/** What came of it. */
export interface EngineOutput {
  /** For the peer. */
  readonly cipher: Uint8Array;
  /** From the peer. */
  readonly plain: Uint8Array;
  /** The handshake is over: told once. */
  readonly secure: boolean;
  /** Whatever of {@link EngineInput.plain} is not ciphered yet, bytes. */
  readonly pending: number;
  /** The peer has sent close_notify: it will send nothing more. */
  readonly ended: boolean;
  /** Our close_notify is in {@link cipher}, or was before. */
  readonly finished: boolean;
  /** What lets the session be resumed. */
  readonly sessions: readonly Uint8Array[];
  readonly error: (Error & { readonly code?: string }) | undefined;
}

/** Where Node takes the ciphered bytes from and puts them. */
class Wire extends Duplex {
  readonly cipher = new Chunks();
  onWrite: () => void = () => {};

  constructor() {
    super({ allowHalfOpen: true });
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.cipher.push(chunk);
    this.onWrite();
    done();
  }

  override _final(done: () => void): void {
    this.onWrite();
    done();
  }
}

/**
 * Node's TLS without a network: bytes in, bytes out. It works in callbacks over some turns of the event loop; `exchange` ends
 * when nothing more comes of what it was given, so that what comes of it does not hang on when it is looked at.
 */
export class TlsEngine {
  readonly socket: TLSSocket;
  /** Something came of its own after an exchange had ended; to be fetched by another. */
  onLate: (() => void) | undefined;
  readonly #wire = new Wire();
  readonly #plain = new Chunks();
  /** Counts whatever happens, and how much of it has been fetched. */
  #activity = 0;
  #fetched = 0;
  #pending = 0;
  #secure = false;
  #ended = false;
  #finished = false;
  #exchanging = false;
  #sessions: Uint8Array[] = [];
  #error: Error | undefined;

  /**
   * @param make covers a stream with TLS @param secure the event that tells of the end of the handshake
   */
  constructor(make: (wire: Duplex) => TLSSocket, secure: "secure" | "secureConnect") {
    const wire = this.#wire;
    wire.onWrite = () => this.#alive();
    wire.on("error", () => {});
    this.#exchanging = true; // the first flight may come while it is made
    const socket = make(wire);
    this.#exchanging = false;
    this.socket = socket;
    socket.on(secure, () => {
      this.#secure = true;
      this.#alive();
    });
    socket.on("data", (data: Uint8Array) => {
      this.#plain.push(data);
      this.#alive();
    });
    socket.on("end", () => {
      this.#ended = true;
      this.#alive();
    });
    socket.on("finish", () => {
      this.#finished = true;
      this.#alive();
    });
    socket.on("session", (session: Uint8Array) => {
      this.#sessions.push(session);
      this.#alive();
    });
    const failed = (error: Error): void => {
      this.#error ??= error;
      this.#alive();
    };
    socket.on("error", failed);
    socket.on("_tlsError", failed); // of a server's handshake, which is no "error" to Node
  }

  /** Whether something has come since the last exchange beside room for more. */
  get hasNews(): boolean {
    return this.#activity !== this.#fetched;
  }

  /** Bytes that were given and are not ciphered yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Takes input, one at a time. @returns what has come since the last one ended */
  async exchange(input: EngineInput): Promise<EngineOutput> {
    this.#exchanging = true;
    this.#give(input);
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      const before = this.#activity;
      await setImmediate();
      quiet = this.#activity === before ? quiet + 1 : 0;
    }
    this.#exchanging = false;
    return this.#take();
  }

  /** The same without waiting: what comes later is told by {@link onLate}. */
  exchangeNow(input: EngineInput): EngineOutput {
    this.#exchanging = true;
    this.#give(input);
    this.#exchanging = false;
    return this.#take();
  }

  #give({ cipher, plain, end }: EngineInput): void {
    if (cipher !== undefined) this.#wire.push(cipher);
    if (plain !== undefined) {
      this.#pending += plain.length;
      this.socket.write(plain, () => {
        this.#pending -= plain.length;
        if (this.#exchanging) this.#activity++;
        else this.onLate?.();
      });
    }
    if (end) this.socket.end();
  }

  #take(): EngineOutput {
    const output: EngineOutput = {
      cipher: this.#wire.cipher.take(),
      plain: this.#plain.take(),
      secure: this.#secure,
      pending: this.#pending,
      ended: this.#ended,
      finished: this.#finished,
      sessions: this.#sessions,
      error: this.#error,
    };
    this.#secure = false;
    this.#sessions = [];
    this.#fetched = this.#activity;
    return output;
  }

  /** Lets go of what Node holds. */
  destroy(): void {
    this.onLate = undefined;
    this.socket.destroy();
    this.#wire.destroy();
  }

  #alive(): void {
    this.#activity++;
    if (!this.#exchanging) this.onLate?.();
  }
}
