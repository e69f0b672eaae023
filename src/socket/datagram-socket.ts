import type { SocketAddress } from "../address/endpoint.ts";
import type { Errno } from "../base/errno.ts";
import type { SendFlags } from "../transport/tcp/connection-options.ts";
import { EndpointSocket, type SocketTable, toDestination, toEndpoint, toText } from "./endpoint-socket.ts";
import { type DatagramEndpoint, type DatagramTransport, type Endpoint, goOn } from "./endpoints.ts";
import { checkOption, clampBuffer, isOwn, type OptionName } from "./options.ts";
import {
  type CallOptions,
  type Readiness,
  type ReceiveFlags,
  type SendOptions,
  type Socket,
  SocketError,
  type SocketOptions,
} from "./socket.ts";

/** The most a datagram carries: 65,535 less the headers of IPv4 and UDP. */
export const LARGEST_DATAGRAM = 65_507;

/** A datagram socket, or a raw one, which has no ports, on a {@link DatagramTransport}. */
export class DatagramSocket extends EndpointSocket {
  readonly type: "dgram" | "raw";
  readonly #transport: DatagramTransport;
  readonly #endpoint: DatagramEndpoint;
  #peer: Endpoint | undefined;
  #readEnded = false;
  #writeEnded = false;

  constructor(table: SocketTable, transport: DatagramTransport, type: "dgram" | "raw" = "dgram") {
    super(table);
    this.type = type;
    this.#transport = transport;
    this.#endpoint = transport.open();
    this.#endpoint.onReady = this.edge;
  }

  bind(at: SocketAddress): Promise<void> {
    return this.answer("bind", at, () => {
      const local = toEndpoint(at);
      if (local === "EINVAL" || this.#endpoint.localPort !== 0) return "EINVAL";
      return this.#endpoint.bind(local.address, local.port);
    });
  }

  listen(): Promise<void> {
    return this.answer("listen", undefined, () => "ENOTSUP");
  }

  accept(): Promise<Socket> {
    return this.receivers.refused(this.acceptNow(), "accept");
  }

  acceptNow(): Errno {
    return this.closed ? "EBADF" : "ENOTSUP";
  }

  /** Takes another peer as well (POSIX `connect`). */
  connect(to: SocketAddress): Promise<void> {
    return this.answer("connect", to, () => {
      const peer = toDestination(to);
      if (peer === "EINVAL" || this.#lacksPort(peer)) return "EINVAL";
      return goOn(this.#endpoint.connect(peer.address, peer.port), (errno) => {
        if (errno === undefined) this.#peer = peer;
        return errno;
      });
    });
  }

  send(data: Uint8Array, options?: SendOptions): Promise<number> {
    if (options?.outOfBand || options?.more) return this.senders.refused("ENOTSUP", "send");
    return this.#send("send", data, undefined, options);
  }

  sendto(data: Uint8Array, to: SocketAddress, options?: CallOptions): Promise<number> {
    return this.#send("sendto", data, to, options);
  }

  #send(syscall: string, data: Uint8Array, at: SocketAddress | undefined, options?: CallOptions): Promise<number> {
    let confirmation: Promise<Errno | undefined> | undefined;
    const attempt = (): number | Errno => {
      const sent = at === undefined ? this.write(data) : this.writeTo(data, at);
      if (typeof sent === "number") confirmation = this.#endpoint.confirm?.();
      return sent;
    };
    const sent = this.senders.call({ syscall, at, attempt }, options, this.options.SO_SNDTIMEO);
    if (this.#endpoint.confirm === undefined) return sent;
    return sent.then(async (count) => {
      const errno = await confirmation;
      if (errno !== undefined) throw new SocketError(errno, syscall, at);
      return count;
    });
  }

  write(from: Uint8Array, flags?: SendFlags): number | Errno {
    if (flags?.outOfBand || flags?.more) return "ENOTSUP";
    if (this.closed) return "EBADF";
    if (this.#peer === undefined) return "EDESTADDRREQ";
    return this.#sendNow(from);
  }

  writeTo(from: Uint8Array, to: SocketAddress): number | Errno {
    if (this.closed) return "EBADF";
    if (this.#peer !== undefined) return "EISCONN";
    const destination = toDestination(to);
    if (destination === "EINVAL" || this.#lacksPort(destination)) return "EINVAL";
    return this.#sendNow(from, destination);
  }

  #lacksPort({ port }: Endpoint): boolean {
    return this.type === "dgram" && port === 0;
  }

  #sendNow(data: Uint8Array, to?: Endpoint): number | Errno {
    if (this.#writeEnded) return "EPIPE";
    return this.type === "dgram" && data.length > LARGEST_DATAGRAM
      ? "EMSGSIZE"
      : this.inside(() => this.#endpoint.send(data, to));
  }

  recvfrom(size: number, options?: CallOptions): Promise<{ data: Uint8Array; from: SocketAddress }> {
    if (!Number.isInteger(size) || size < 0) return this.receivers.refused("EINVAL", "recvfrom");
    const attempt = () => {
      const received = this.readFrom(this.scratch(size));
      if (typeof received === "string") return received;
      return { data: this.table.scratch.slice(0, received.length), from: received.from };
    };
    return this.receivers.call({ syscall: "recvfrom", attempt }, options, this.options.SO_RCVTIMEO);
  }

  read(into: Uint8Array, flags?: ReceiveFlags): number | Errno {
    if (flags?.outOfBand) return "ENOTSUP";
    const received = this.#receive(into);
    return received === undefined ? 0 : typeof received === "string" ? received : received.length;
  }

  readFrom(into: Uint8Array): { length: number; from: SocketAddress } | Errno {
    const received = this.#receive(into);
    if (received === undefined) return { length: 0, from: toText(this.#peer as Endpoint) };
    return typeof received === "string" ? received : { length: received.length, from: toText(received) };
  }

  /** @returns undefined when receiving was shut down and nothing waits */
  #receive(into: Uint8Array): ReturnType<DatagramEndpoint["receive"]> | undefined {
    if (this.closed) return "EBADF";
    const received = this.#endpoint.receive(into);
    return received === "EAGAIN" && this.#readEnded ? undefined : received;
  }

  shutdown(how: "read" | "write" | "both"): Promise<void> {
    return this.answer("shutdown", undefined, () => {
      if (how !== "read" && how !== "write" && how !== "both") return "EINVAL";
      if (this.#peer === undefined) return "ENOTCONN";
      if (how !== "write") this.#readEnded = true;
      if (how !== "read") this.#writeEnded = true;
      this.advance();
      return undefined;
    });
  }

  protected release(): undefined {
    this.#endpoint.onReady = undefined;
    this.#endpoint.close();
  }

  takeError(): Errno | undefined {
    return this.#endpoint.takeError();
  }

  protected localName(): Endpoint {
    return { address: this.#endpoint.localAddress, port: this.#endpoint.localPort };
  }

  protected peerName(): Endpoint | undefined {
    return this.#peer;
  }

  protected readiness(): Readiness {
    const error = this.#endpoint.error !== undefined;
    return {
      readable: this.#endpoint.readable || this.#readEnded || error,
      writable: this.#endpoint.writable || this.#writeEnded || error,
      urgent: false,
      hangup: this.#readEnded && this.#writeEnded,
      error,
    };
  }

  setsockopt<Name extends OptionName>(name: Name, value: SocketOptions[Name]): void {
    this.#check("setsockopt", name, value);
    const endpoint = this.#endpoint;
    if (isOwn(name)) Object.assign(this.options, { [name]: value });
    if (name === "SO_REUSEADDR") endpoint.reuse = value as boolean;
    else if (name === "SO_BROADCAST") endpoint.broadcast = value as boolean;
    else if (name === "SO_RCVBUF") endpoint.receiveLimit = clampBuffer(value as number);
    else if (name === "IP_TTL") endpoint.hopLimit = value as number;
    else if (name === "IP_TOS") endpoint.trafficClass = value as number;
  }

  getsockopt<Name extends OptionName>(name: Name): SocketOptions[Name] {
    this.#check("getsockopt", name);
    const endpoint = this.#endpoint;
    const { SO_RCVTIMEO, SO_SNDTIMEO } = this.options;
    const values: Partial<SocketOptions> = {
      SO_RCVTIMEO,
      SO_SNDTIMEO,
      SO_REUSEADDR: endpoint.reuse,
      SO_BROADCAST: endpoint.broadcast,
      SO_RCVBUF: endpoint.receiveLimit,
      IP_TTL: endpoint.hopLimit,
      IP_TOS: endpoint.trafficClass,
    };
    return values[name] as SocketOptions[Name];
  }

  #check(syscall: string, name: OptionName, ...value: [unknown?]): void {
    if (this.closed) throw new SocketError("EBADF", syscall);
    const errno = checkOption("dgram", name, ...value);
    if (errno !== undefined) throw new SocketError(errno, syscall);
    if (this.#transport.refuses?.(name, ...value)) throw new SocketError("ENOPROTOOPT", syscall);
  }
}
