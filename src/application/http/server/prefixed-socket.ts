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
  SocketType,
} from "../../../socket/socket.ts";

/** A connected stream socket of which some bytes were read already: they are read again, first. */
export class PrefixedSocket implements Socket {
  readonly #socket: Socket;
  #prefix: Uint8Array;

  constructor(socket: Socket, prefix: Uint8Array) {
    this.#socket = socket;
    this.#prefix = prefix;
  }

  get family(): Family {
    return this.#socket.family;
  }

  get type(): SocketType {
    return this.#socket.type;
  }

  get onReady(): (() => void) | undefined {
    return this.#socket.onReady;
  }

  set onReady(callback: (() => void) | undefined) {
    this.#socket.onReady = callback;
  }

  async recv(size: number, options?: ReceiveOptions): Promise<Uint8Array> {
    if (options?.outOfBand || this.#prefix.length === 0) return this.#socket.recv(size, options);
    options?.signal?.throwIfAborted();
    const first = this.#prefix.slice(0, size);
    this.#prefix = this.#prefix.subarray(first.length);
    return first;
  }

  async recvfrom(size: number, options?: CallOptions): Promise<{ data: Uint8Array; from: SocketAddress }> {
    return { data: await this.recv(size, options), from: this.getpeername() };
  }

  read(into: Uint8Array, flags?: ReceiveFlags): number | Errno {
    if (flags?.outOfBand || this.#prefix.length === 0) return this.#socket.read(into, flags);
    const count = Math.min(into.length, this.#prefix.length);
    into.set(this.#prefix.subarray(0, count));
    this.#prefix = this.#prefix.subarray(count);
    return count;
  }

  readFrom(into: Uint8Array): { length: number; from: SocketAddress } | Errno {
    const length = this.read(into);
    return typeof length === "string" ? length : { length, from: this.getpeername() };
  }

  poll(): Readiness {
    const readiness = this.#socket.poll();
    return this.#prefix.length === 0 ? readiness : { ...readiness, readable: true };
  }

  bind(at: SocketAddress): Promise<void> {
    return this.#socket.bind(at);
  }

  listen(backlog?: number): Promise<void> {
    return this.#socket.listen(backlog);
  }

  accept(options?: CallOptions): Promise<Socket> {
    return this.#socket.accept(options);
  }

  acceptNow(): Socket | Errno {
    return this.#socket.acceptNow();
  }

  connect(to: SocketAddress, options?: CallOptions): Promise<void> {
    return this.#socket.connect(to, options);
  }

  send(data: Uint8Array, options?: SendOptions): Promise<number> {
    return this.#socket.send(data, options);
  }

  sendto(data: Uint8Array, to: SocketAddress, options?: CallOptions): Promise<number> {
    return this.#socket.sendto(data, to, options);
  }

  write(from: Uint8Array): number | Errno {
    return this.#socket.write(from);
  }

  writeTo(from: Uint8Array, to: SocketAddress): number | Errno {
    return this.#socket.writeTo(from, to);
  }

  shutdown(how: "read" | "write" | "both"): Promise<void> {
    if (how !== "write") this.#prefix = this.#prefix.subarray(this.#prefix.length);
    return this.#socket.shutdown(how);
  }

  close(): Promise<void> {
    return this.#socket.close();
  }

  setsockopt<Name extends keyof SocketOptions>(name: Name, value: SocketOptions[Name]): void {
    this.#socket.setsockopt(name, value);
  }

  getsockopt<Name extends keyof SocketOptions>(name: Name): SocketOptions[Name] {
    return this.#socket.getsockopt(name);
  }

  atMark(): boolean {
    return this.#prefix.length === 0 && this.#socket.atMark();
  }

  takeError(): Errno | undefined {
    return this.#socket.takeError();
  }

  getsockname(): SocketAddress {
    return this.#socket.getsockname();
  }

  getpeername(): SocketAddress {
    return this.#socket.getpeername();
  }
}
