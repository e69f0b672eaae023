import type { SocketAddress } from "../../address/endpoint.ts";
import { type Socket, SocketError, type SocketOptions, type Sockets } from "../../socket/socket.ts";
import type { Duration } from "../../time/instant.ts";
import { RECEIVE_LIMIT, SOCKETS_LIMIT } from "./limits.ts";

/** What a call came to: what JSON can carry, and bytes. */
export interface Reply {
  readonly value?: unknown;
  readonly bytes?: Uint8Array;
}

/** One call as a script made it: nothing of it is to be trusted. */
export interface Asked {
  readonly what: string;
  readonly number: number;
  readonly args: readonly unknown[];
  readonly bytes: Uint8Array;
}

type Now = (socket: Socket, asked: Asked) => Reply | string;
type Later = (socket: Socket, asked: Asked, signal: AbortSignal) => Promise<Reply>;

/** The sockets of a script, by the numbers that it knows them by. */
export class HostSockets {
  readonly #sockets: Sockets;
  readonly #onReady: (number: number) => void;
  readonly #open = new Map<number, Socket>();
  /** Those whose readiness the script wants to hear of. */
  readonly #watched = new Set<number>();
  /** Who sent the datagram that was read last. */
  #from: SocketAddress | undefined;
  #last = 0;

  constructor(sockets: Sockets, onReady: (number: number) => void) {
    this.#sockets = sockets;
    this.#onReady = onReady;
  }

  get isFull(): boolean {
    return this.#open.size >= SOCKETS_LIMIT;
  }

  /** Whether one may still say that it is ready. */
  get isWatched(): boolean {
    return this.#watched.size > 0;
  }

  /** @throws SocketError */
  make([family, type, protocol]: readonly unknown[]): number {
    if (typeof family !== "string" || typeof type !== "string") throw new SocketError("EINVAL", "socket");
    const socket = this.#sockets.socket(
      family as Socket["family"],
      type as Socket["type"],
      typeof protocol === "number" ? protocol : undefined,
    );
    return this.#add(socket);
  }

  watch(number: number, on: boolean): void {
    const socket = this.#open.get(number);
    if (socket === undefined) return;
    socket.onReady = on ? () => this.#onReady(number) : undefined;
    if (on) this.#watched.add(number);
    else this.#watched.delete(number);
  }

  /** A call that gives its answer at once. @returns undefined when there is no such call @throws SocketError */
  now(asked: Asked): Reply | string | undefined {
    const call = Object.hasOwn(this.#now, asked.what) ? this.#now[asked.what] : undefined;
    return call?.(this.#socket(asked), asked);
  }

  /** A call that may wait. @returns undefined when there is no such call @throws SocketError */
  later(asked: Asked, signal: AbortSignal): Promise<Reply> | undefined {
    const call = Object.hasOwn(this.#later, asked.what) ? this.#later[asked.what] : undefined;
    return call?.(this.#socket(asked), asked, signal);
  }

  #socket({ what, number }: Asked): Socket {
    const socket = this.#open.get(number);
    if (socket === undefined) throw new SocketError("EBADF", what);
    return socket;
  }

  #add(socket: Socket): number {
    this.#open.set(++this.#last, socket);
    return this.#last;
  }

  readonly #now: Readonly<Record<string, Now>> = {
    setsockopt: (socket, { args: [name, value] }) => {
      // JSON has no undefined, which SO_LINGER takes.
      socket.setsockopt(optionOf("setsockopt", name), (value ?? undefined) as never);
      return {};
    },
    getsockopt: (socket, { args: [name] }) => ({ value: socket.getsockopt(optionOf("getsockopt", name)) }),
    atMark: (socket) => ({ value: socket.atMark() }),
    takeError: (socket) => ({ value: socket.takeError() }),
    getsockname: (socket) => ({ value: socket.getsockname() }),
    getpeername: (socket) => ({ value: socket.getpeername() }),
    poll: (socket) => ({ value: socket.poll() }),
    read: (socket, { args: [size, outOfBand] }) => {
      const into = new Uint8Array(sizeOf(size));
      const count = socket.read(into, { outOfBand: outOfBand === true });
      return typeof count === "string" ? count : { bytes: into.subarray(0, count) };
    },
    write: (socket, { args: [more, outOfBand], bytes }) => ({
      value: socket.write(bytes, { more: more === true, outOfBand: outOfBand === true }),
    }),
    readFrom: (socket, { args: [size] }) => {
      const into = new Uint8Array(sizeOf(size));
      const read = socket.readFrom(into);
      if (typeof read === "string") return read;
      this.#from = read.from;
      return { bytes: into.subarray(0, read.length) };
    },
    readFromPeer: () => ({ value: this.#from }),
    writeTo: (socket, { args: [address, port], bytes }) => ({
      value: socket.writeTo(bytes, endpointOf(address, port)),
    }),
    acceptNow: (socket) => {
      if (this.isFull) return { value: "EMFILE" };
      const accepted = socket.acceptNow();
      return { value: typeof accepted === "string" ? accepted : this.#add(accepted) };
    },
  };

  readonly #later: Readonly<Record<string, Later>> = {
    bind: (socket, { args: [, address, port] }) => nothing(socket.bind(endpointOf(address, port))),
    listen: (socket, { args: [, backlog] }) =>
      nothing(socket.listen(typeof backlog === "number" ? backlog : undefined)),
    accept: async (socket, { args: [, timeout] }, signal) => {
      if (this.isFull) throw new SocketError("EMFILE", "accept");
      return { value: this.#add(await socket.accept(within(timeout, signal))) };
    },
    connect: (socket, { args: [, address, port, timeout] }, signal) =>
      nothing(socket.connect(endpointOf(address, port), within(timeout, signal))),
    send: async (socket, { args: [, timeout, more, outOfBand], bytes }, signal) => {
      const options = { ...within(timeout, signal), more: more === true, outOfBand: outOfBand === true };
      return { value: await socket.send(bytes, options) };
    },
    recv: async (socket, { args: [, size, timeout, outOfBand] }, signal) => {
      const options = { ...within(timeout, signal), outOfBand: outOfBand === true };
      return { bytes: await socket.recv(wantedOf(size), options) };
    },
    sendto: async (socket, { args: [, address, port, timeout], bytes }, signal) => ({
      value: await socket.sendto(bytes, endpointOf(address, port), within(timeout, signal)),
    }),
    recvfrom: async (socket, { args: [, size, timeout] }, signal) => {
      const { data, from } = await socket.recvfrom(wantedOf(size), within(timeout, signal));
      return { bytes: data, value: from };
    },
    shutdown: (socket, { args: [, how] }) => nothing(socket.shutdown(how as "both")),
    close: (socket, { number }) => {
      this.#open.delete(number);
      this.#watched.delete(number);
      return nothing(socket.close());
    },
  };
}

async function nothing(promise: Promise<void>): Promise<Reply> {
  await promise;
  return {};
}

/** Whatever it is, the socket itself refuses what is no address and port. */
const endpointOf = (address: unknown, port: unknown): SocketAddress => ({
  address: typeof address === "string" ? address : "",
  port: typeof port === "number" ? port : -1,
});

function optionOf(syscall: string, name: unknown): keyof SocketOptions {
  if (typeof name !== "string") throw new SocketError("ENOPROTOOPT", syscall);
  return name as keyof SocketOptions;
}

function within(timeout: unknown, signal: AbortSignal): { timeout?: Duration; signal: AbortSignal } {
  return typeof timeout === "number" && timeout >= 0 ? { timeout: timeout as Duration, signal } : { signal };
}

/** Octets of a buffer that is given. */
const sizeOf = (size: unknown): number =>
  typeof size === "number" && size > 0 ? Math.min(Math.floor(size), RECEIVE_LIMIT) : 0;

/** Octets that are asked for; the socket refuses what is no number of them. */
const wantedOf = (size: unknown): number => (typeof size === "number" ? Math.min(size, RECEIVE_LIMIT) : Number.NaN);
