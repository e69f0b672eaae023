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

/** The only one that each type has. Of raw sockets it must be told. */
const PROTOCOLS: Readonly<Record<SocketType, number>> = { stream: 6, dgram: 17, raw: 1 };

/** What a maker of sockets stands on. */
export interface SocketsParts {
  readonly tcp: StreamTransport;
  readonly udp: DatagramTransport;
  /** Raw ICMP; absent where there are no raw sockets. */
  readonly icmp?: DatagramTransport | undefined;
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
    const { tcp, udp, icmp } = this.#parts;
    if (type === "stream") return new StreamSocket(this.#table, tcp);
    return type === "raw" && icmp !== undefined
      ? new DatagramSocket(this.#table, icmp, "raw")
      : new DatagramSocket(this.#table, udp);
  }

  #refuse(family: Family, type: SocketType, protocol: number): Errno | undefined {
    if (family !== "inet") return "EAFNOSUPPORT";
    if (!Object.hasOwn(PROTOCOLS, type) || (type === "raw" && this.#parts.icmp === undefined)) return "EPROTONOSUPPORT";
    if ((protocol !== 0 || type === "raw") && protocol !== PROTOCOLS[type]) return "EPROTONOSUPPORT";
    return this.#table.full ? "EMFILE" : undefined;
  }
}

/** The sockets of a virtual host. */
export class VirtualSockets extends EndpointSockets {
  constructor(parts: Omit<SocketsParts, "waking"> & { readonly scheduler: Scheduler }) {
    super({ ...parts, waking: new VirtualWaking(parts.scheduler) });
  }
}
