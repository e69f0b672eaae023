import type { SocketAddress } from "../../../address/endpoint.ts";
import type { Errno } from "../../../base/errno.ts";
import type {
  CallOptions,
  Family,
  Readiness,
  ReceiveFlags,
  ReceiveOptions,
  SendOptions,
  Socket,
  SocketOptions,
  Sockets,
  SocketType,
} from "../../../socket/socket.ts";
import { ask, call, host } from "./bridge.ts";

const { parse, stringify } = JSON;
/** Those that have an `onReady`, by their numbers. */
const watched = new Map<number, GuestSocket>();

/** A socket of the host, known by its number. */
class GuestSocket implements Socket {
  readonly family: Family;
  readonly type: SocketType;
  readonly #id: number;
  #onReady: (() => void) | undefined;

  constructor(id: number, family: Family, type: SocketType) {
    this.#id = id;
    this.family = family;
    this.type = type;
  }

  bind(at: SocketAddress): Promise<void> {
    return this.#call("bind", [at.address, at.port]) as Promise<void>;
  }

  listen(backlog?: number): Promise<void> {
    return this.#call("listen", [backlog]) as Promise<void>;
  }

  async accept(options: CallOptions = {}): Promise<Socket> {
    return new GuestSocket((await this.#call("accept", [options.timeout], options)) as number, this.family, this.type);
  }

  connect(to: SocketAddress, options: CallOptions = {}): Promise<void> {
    return this.#call("connect", [to.address, to.port, options.timeout], options) as Promise<void>;
  }

  send(data: Uint8Array, options: SendOptions = {}): Promise<number> {
    const { timeout, more, outOfBand } = options;
    return this.#call("send", [timeout, more, outOfBand], options, copyOf(data)) as Promise<number>;
  }

  async recv(size: number, options: ReceiveOptions = {}): Promise<Uint8Array> {
    const received = await this.#call("recv", [size, options.timeout, options.outOfBand], options);
    return (received as { bytes: Uint8Array }).bytes;
  }

  sendto(data: Uint8Array, to: SocketAddress, options: CallOptions = {}): Promise<number> {
    return this.#call("sendto", [to.address, to.port, options.timeout], options, copyOf(data)) as Promise<number>;
  }

  async recvfrom(size: number, options: CallOptions = {}): Promise<{ data: Uint8Array; from: SocketAddress }> {
    const received = await this.#call("recvfrom", [size, options.timeout], options);
    const { bytes, value } = received as { bytes: Uint8Array; value: SocketAddress };
    return { data: bytes, from: value };
  }

  shutdown(how: "read" | "write" | "both"): Promise<void> {
    return this.#call("shutdown", [how]) as Promise<void>;
  }

  close(): Promise<void> {
    this.onReady = undefined;
    return this.#call("close", []) as Promise<void>;
  }

  setsockopt<Name extends keyof SocketOptions>(name: Name, value: SocketOptions[Name]): void {
    ask("setsockopt", this.#id, [name, value]);
  }

  getsockopt<Name extends keyof SocketOptions>(name: Name): SocketOptions[Name] {
    return ask("getsockopt", this.#id, [name]) as SocketOptions[Name];
  }

  atMark(): boolean {
    return ask("atMark", this.#id, []) as boolean;
  }

  takeError(): Errno | undefined {
    return ask("takeError", this.#id, []) as Errno | undefined;
  }

  getsockname(): SocketAddress {
    return ask("getsockname", this.#id, []) as SocketAddress;
  }

  getpeername(): SocketAddress {
    return ask("getpeername", this.#id, []) as SocketAddress;
  }

  read(into: Uint8Array, flags: ReceiveFlags = {}): number | Errno {
    const read = host("read", this.#id, stringify([into.length, flags.outOfBand]));
    if (typeof read === "string") return parse(read) as Errno;
    const bytes = new Uint8Array(read as ArrayBuffer);
    into.set(bytes);
    return bytes.length;
  }

  write(from: Uint8Array, flags: SendOptions = {}): number | Errno {
    return parse(host("write", this.#id, stringify([flags.more, flags.outOfBand]), copyOf(from)) as string);
  }

  acceptNow(): Socket | Errno {
    const accepted = ask("acceptNow", this.#id, []) as number | Errno;
    return typeof accepted === "string" ? accepted : new GuestSocket(accepted, this.family, this.type);
  }

  readFrom(into: Uint8Array): { length: number; from: SocketAddress } | Errno {
    const bytes = host("readFrom", this.#id, stringify([into.length]));
    if (typeof bytes === "string") return parse(bytes) as Errno;
    into.set(new Uint8Array(bytes as ArrayBuffer));
    return { length: (bytes as ArrayBuffer).byteLength, from: ask("readFromPeer", this.#id, []) as SocketAddress };
  }

  writeTo(from: Uint8Array, to: SocketAddress): number | Errno {
    return parse(host("writeTo", this.#id, stringify([to.address, to.port]), copyOf(from)) as string);
  }

  poll(): Readiness {
    return ask("poll", this.#id, []) as Readiness;
  }

  get onReady(): (() => void) | undefined {
    return this.#onReady;
  }

  set onReady(callback: (() => void) | undefined) {
    this.#onReady = callback;
    if (callback === undefined) watched.delete(this.#id);
    else watched.set(this.#id, this);
    host("watch", this.#id, callback === undefined ? "false" : "true");
  }

  #call(what: string, args: readonly unknown[], options: CallOptions = {}, bytes?: ArrayBuffer): Promise<unknown> {
    return call(what, this.#id, args, options.signal, bytes);
  }
}

/** A socket of that number may be ready. */
export function ready(id: number): void {
  watched.get(id)?.onReady?.();
}

/** The sockets of the host on which the script runs. */
export const sockets: Sockets = {
  socket: (family, type, protocol) =>
    new GuestSocket(ask("socket", 0, [family, type, protocol]) as number, family, type),
};

function copyOf(data: Uint8Array): ArrayBuffer {
  if (!(data instanceof Uint8Array))
    throw new TypeError("data is sent as a Uint8Array: new TextEncoder().encode(text)");
  return data.slice().buffer as ArrayBuffer;
}
