import type { Errno } from "../base/errno.ts";
import type { Scheduler } from "../time/scheduler.ts";
import { DatagramSocket } from "./datagram-socket.ts";
import { SocketTable } from "./endpoint-socket.ts";
import type { DatagramTransport, StreamTransport, Waking } from "./endpoints.ts";
import { type Family, type Socket, SocketError, type Sockets, type SocketType } from "./socket.ts";
import { StreamSocket } from "./stream-socket.ts";
import { VirtualWaking } from "./virtual-waking.ts";

/** Sockets that a host may have open at once; one more is refused with EMFILE. */
export const OPEN_SOCKETS_LIMIT = 65_536;

const PROTOCOLS: Readonly<Record<"stream" | "dgram", number>> = { stream: 6, dgram: 17 };

/** What a maker of sockets stands on. */
export interface SocketsParts {
  readonly tcp: StreamTransport;
  readonly udp: DatagramTransport;
  readonly waking: Waking;
  /** {@link OPEN_SOCKETS_LIMIT} unless told. */
  readonly limit?: number;
}

/** Makes sockets on endpoints, whoever brings them. */
export class EndpointSockets implements Sockets {
  readonly #parts: SocketsParts;
  readonly #table: SocketTable;

  constructor(parts: SocketsParts) {
    this.#parts = parts;
    this.#table = new SocketTable(parts.waking, parts.limit ?? OPEN_SOCKETS_LIMIT);
  }

  /** The sockets that are open, in the order they were made. */
  get open(): ReadonlySet<Socket> {
    return this.#table.open;
  }

  socket(family: Family, type: SocketType, protocol = 0): Socket {
    const errno = this.#refuse(family, type, protocol);
    if (errno !== undefined) throw new SocketError(errno, "socket");
    return type === "stream"
      ? new StreamSocket(this.#table, this.#parts.tcp)
      : new DatagramSocket(this.#table, this.#parts.udp);
  }

  #refuse(family: Family, type: SocketType, protocol: number): Errno | undefined {
    if (family !== "inet") return "EAFNOSUPPORT";
    if (type !== "stream" && type !== "dgram") return "EPROTONOSUPPORT";
    if (protocol !== 0 && protocol !== PROTOCOLS[type]) return "EPROTONOSUPPORT";
    return this.#table.full ? "EMFILE" : undefined;
  }
}

/** The sockets of a virtual host. */
export class VirtualSockets extends EndpointSockets {
  constructor(parts: Omit<SocketsParts, "waking"> & { readonly scheduler: Scheduler }) {
    super({ ...parts, waking: new VirtualWaking(parts.scheduler) });
  }
}
