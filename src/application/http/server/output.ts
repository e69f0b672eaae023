import type { Errno } from "../../../base/errno.ts";
import { writeLatin1 } from "../../../base/latin1.ts";
import type { Socket } from "../../../socket/socket.ts";
import { giveBack, takeWorkspace, WORKSPACE_SIZE, type Workspace } from "./workspace.ts";

const encoder = new TextEncoder();
/** A piece from here on goes to the socket as it is, not through the workspace, when nothing waits there. */
const DIRECT = 16_384;
/** Texts up to here are written faster by a loop than by the engine. */
const LOOPED = 64;
const PART = 16_384;

/**
 * What a connection sends: gathered, so that the answers to all requests that came together go out in one write, and kept as
 * far as the socket does not take it. Who has written calls {@link flush} before others run.
 */
export class Output {
  readonly #socket: Socket;
  #workspace: Workspace | undefined = undefined;
  #used = 0;
  /** What the socket has not taken, in order; undefined when there is nothing. */
  #waiting: Uint8Array[] | undefined = undefined;
  #waiters: (() => void)[] | undefined = undefined;
  /** Bytes that the socket has taken in all. */
  sent = 0;
  /** Why the connection takes nothing more. */
  failure: Errno | undefined = undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** The socket has not taken everything: nobody should write more. */
  get blocked(): boolean {
    return this.#waiting !== undefined;
  }

  /** Resolves when the socket has taken all, or never will. */
  drained(): Promise<void> {
    if (!this.blocked || this.failure !== undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters ??= [];
      this.#waiters.push(resolve);
    });
  }

  /** Makes room for so many bytes, at most a workspace: {@link put} does not look. */
  reserve(length: number): void {
    if (WORKSPACE_SIZE - this.#used < length) this.#send();
    this.#room();
  }

  /** Writes characters up to U+00FF, one byte each, for which there is room. */
  put(text: string): void {
    const into = (this.#workspace as Workspace).bytes;
    const { length } = text;
    let at = this.#used;
    if (length > LOOPED) at = writeLatin1(text, into, at);
    else for (let i = 0; i < length; i++) into[at++] = text.charCodeAt(i);
    this.#used = at;
  }

  putNumber(value: number): void {
    if (value < 10) (this.#workspace as Workspace).bytes[this.#used++] = 0x30 + value;
    else this.put(String(value));
  }

  /** A copy of what was written since and is not sent. */
  copyFrom(mark: number): Uint8Array {
    return (this.#workspace as Workspace).bytes.slice(mark, this.#used);
  }

  /** Takes back what was written since, if none of it was sent: to be written later. */
  takeBack(mark: number): Uint8Array {
    const bytes = this.copyFrom(mark);
    this.#used = mark;
    return bytes;
  }

  /** The place behind all that was written. */
  get mark(): number {
    return this.#used;
  }

  /** Writes characters up to U+00FF, one byte each, however many. */
  latin1(text: string): void {
    for (let from = 0; from < text.length; ) {
      const part = text.length - from <= PART ? (from === 0 ? text : text.slice(from)) : text.slice(from, from + PART);
      this.reserve(part.length);
      this.put(part);
      from += part.length;
    }
  }

  /** Writes text that is so long in UTF-8. */
  utf8(text: string, length: number): void {
    if (length === text.length) this.latin1(text);
    else this.bytes(encoder.encode(text));
  }

  /** Writes bytes, which stay as they are until they are sent. */
  bytes(bytes: Uint8Array): void {
    const room = WORKSPACE_SIZE - this.#used;
    if (bytes.length >= DIRECT && this.#used === 0) this.#sendOrKeep(bytes);
    else if (bytes.length <= room) this.#copy(bytes);
    else {
      // What is gathered goes out with a first part, so that nothing small goes by itself.
      this.#copy(bytes.subarray(0, room));
      this.#send();
      this.bytes(bytes.subarray(room));
    }
  }

  #copy(bytes: Uint8Array): void {
    this.#room().set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** Gives all that was written to the socket, or keeps it until the socket takes it. */
  flush(): void {
    if (this.#workspace === undefined) return;
    this.#send();
    giveBack(this.#workspace);
    this.#workspace = undefined;
  }

  /** The socket may take more. */
  resume(): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    while (waiting.length > 0) {
      const first = waiting[0] as Uint8Array;
      const count = this.#write(first);
      if (count < first.length) {
        if (count > 0) waiting[0] = first.subarray(count);
        return;
      }
      waiting.shift();
    }
    this.#waiting = undefined;
    this.#wake();
  }

  /** Nothing more can be sent. */
  fail(errno: Errno): void {
    this.failure ??= errno;
    this.#waiting = undefined;
    this.#wake();
  }

  #wake(): void {
    const waiters = this.#waiters;
    if (waiters === undefined) return;
    this.#waiters = undefined;
    for (const wake of waiters) wake();
  }

  #room(): Uint8Array {
    this.#workspace ??= takeWorkspace();
    return this.#workspace.bytes;
  }

  #send(): void {
    const used = this.#used;
    if (used === 0) return;
    this.#used = 0;
    const workspace = this.#workspace as Workspace;
    const left = this.#sendOrKeep(workspace.first(used), true);
    if (left > 0) this.#keep(workspace.bytes.slice(used - left, used));
  }

  /** @returns how many bytes at the end are left and must be kept by who calls, when they are only `borrowed` */
  #sendOrKeep(bytes: Uint8Array, borrowed = false): number {
    if (this.failure !== undefined) return 0;
    const count = this.blocked ? 0 : this.#write(bytes);
    if (this.failure !== undefined || count === bytes.length) return 0;
    if (!borrowed) this.#keep(bytes.subarray(count));
    return bytes.length - count;
  }

  #keep(bytes: Uint8Array): void {
    this.#waiting ??= [];
    this.#waiting.push(bytes);
  }

  #write(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length) {
      const count = this.#socket.write(at === 0 ? bytes : bytes.subarray(at));
      if (count === "EAGAIN") break;
      if (typeof count === "string") {
        this.fail(count);
        return bytes.length;
      }
      at += count;
    }
    this.sent += at;
    return at;
  }
}
