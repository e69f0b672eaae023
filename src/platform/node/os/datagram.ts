import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import type { Port } from "../../../address/endpoint.ts";
import { ANY, formatIp, type IpAddress, parseIp } from "../../../address/ip.ts";
import type { Errno } from "../../../base/errno.ts";
import type { DatagramEndpoint, DatagramTransport, Endpoint, ReceivedDatagram } from "../../../socket/endpoints.ts";
import type { SocketOptions } from "../../../socket/socket.ts";
import { errnoOf } from "./errno.ts";

/** Bytes that may wait in Node to be sent, and unless told to be received (Linux: rmem_default). */
const SEND_LIMIT = 212_992;
const RECEIVE_LIMIT = 212_992;
/** What a datagram counts beside its data, so that empty ones have a limit too. */
const OVERHEAD = 256;

/** The operating system's UDP, through `node:dgram`. */
export class OsUdp implements DatagramTransport {
  refuses(option: keyof SocketOptions): boolean {
    return option === "IP_TOS";
  }

  open(): DatagramEndpoint {
    return new OsDatagramEndpoint();
  }
}

/** Addresses come as numbers, so there is nothing to look up, and a bind is done when the call returns. */
const lookup = (host: string, _options: unknown, callback: (error: null, address: string, family: number) => void) =>
  callback(null, host, 4);

interface Unanswered {
  answer?: (errno: Errno | undefined) => void;
}

type Queued = Endpoint & { readonly data: Buffer };

/** One of the operating system's datagram sockets. Node makes it when it is bound. */
class OsDatagramEndpoint implements DatagramEndpoint {
  onReady: (() => void) | undefined;
  reuse = false;
  error: Errno | undefined;
  localAddress: IpAddress = ANY;
  localPort: Port = 0;
  #socket: Socket | undefined;
  #connected = false;
  #broadcast = false;
  #hopLimit = 64;
  #receiveLimit = RECEIVE_LIMIT;
  #waiting: Queued[] = [];
  #waitingBytes = 0;
  /** The last send, whose answer comes later: to who asks for it, else as a pending error. */
  #last: Unanswered = {};

  bind(address: IpAddress, port: Port): Errno | undefined {
    const socket = createSocket({ type: "udp4", reuseAddr: this.reuse, lookup: lookup as never });
    let refused: Errno | undefined;
    socket.on("error", (error) => {
      refused = errnoOf(error);
      this.#fail(refused);
    });
    socket.bind({ address: formatIp(address), port, exclusive: true });
    if (refused !== undefined) {
      this.error = undefined;
      socket.close();
      return refused;
    }
    socket.on("message", (data, from) => this.#arrived(data, from));
    this.#socket = socket;
    this.#learnName(socket);
    socket.setBroadcast(this.#broadcast);
    socket.setTTL(this.#hopLimit);
    if (this.#receiveLimit !== RECEIVE_LIMIT) socket.setRecvBufferSize(this.#receiveLimit);
    return undefined;
  }

  connect(remote: IpAddress, port: Port): Errno | Promise<Errno | undefined> | undefined {
    const socket = this.#bound();
    if (typeof socket === "string") return socket;
    if (this.#connected) socket.disconnect();
    this.#connected = true;
    return new Promise((resolve) => {
      socket.connect(port, formatIp(remote), (error?: Error) => {
        this.#connected = error == null;
        if (this.#connected && this.#socket !== undefined) this.#learnName(socket);
        resolve(error == null ? undefined : errnoOf(error));
      });
    });
  }

  send(data: Uint8Array, to?: Endpoint): number | Errno {
    const error = this.takeError();
    if (error !== undefined) return error;
    const socket = this.#bound();
    if (typeof socket === "string") return socket;
    if (!this.writable) return "EAGAIN";
    const sent: Unanswered = {};
    this.#last = sent;
    const done = (failure: Error | null | undefined) => {
      const errno = failure == null ? undefined : errnoOf(failure);
      if (sent.answer !== undefined) sent.answer(errno);
      else if (errno !== undefined) this.#fail(errno);
      this.onReady?.();
    };
    // Node keeps what it cannot send at once, so it is given a copy.
    const copy = Buffer.from(data);
    if (to === undefined) socket.send(copy, done);
    else socket.send(copy, to.port, formatIp(to.address), done);
    return data.length;
  }

  confirm(): Promise<Errno | undefined> {
    const sent = this.#last;
    return new Promise((resolve) => {
      sent.answer = resolve;
    });
  }

  receive(into: Uint8Array): ReceivedDatagram | Errno {
    const error = this.takeError();
    if (error !== undefined) return error;
    const datagram = this.#waiting.shift();
    if (datagram === undefined) return "EAGAIN";
    this.#waitingBytes -= datagram.data.length + OVERHEAD;
    const length = Math.min(datagram.data.length, into.length);
    into.set(datagram.data.subarray(0, length));
    return { length, address: datagram.address, port: datagram.port };
  }

  get readable(): boolean {
    return this.#waiting.length > 0 || this.error !== undefined;
  }

  get writable(): boolean {
    return this.#socket === undefined || this.#socket.getSendQueueSize() < SEND_LIMIT;
  }

  takeError(): Errno | undefined {
    const { error } = this;
    this.error = undefined;
    return error;
  }

  close(): void {
    this.#waiting = [];
    this.#socket?.removeAllListeners("message");
    this.#socket?.close();
    this.#socket = undefined;
  }

  get broadcast(): boolean {
    return this.#broadcast;
  }

  set broadcast(on: boolean) {
    this.#broadcast = on;
    this.#socket?.setBroadcast(on);
  }

  get hopLimit(): number {
    return this.#hopLimit;
  }

  set hopLimit(limit: number) {
    this.#hopLimit = limit;
    this.#socket?.setTTL(limit);
  }

  get receiveLimit(): number {
    return this.#receiveLimit;
  }

  set receiveLimit(bytes: number) {
    this.#receiveLimit = bytes;
    this.#socket?.setRecvBufferSize(bytes);
  }

  /** Not to be had in Node: {@link OsUdp.refuses}. */
  get trafficClass(): number {
    return 0;
  }

  #bound(): Socket | Errno {
    return this.#socket ?? this.bind(ANY, 0) ?? (this.#socket as unknown as Socket);
  }

  #learnName(socket: Socket): void {
    const { address, port } = socket.address();
    this.localAddress = parseIp(address) ?? ANY;
    this.localPort = port;
  }

  #arrived(data: Buffer, from: RemoteInfo): void {
    const address = parseIp(from.address);
    // Node cannot be told to stop reading, so what is too much is dropped here, as the system drops it.
    if (address === undefined || this.#waitingBytes + data.length + OVERHEAD > this.#receiveLimit) return;
    this.#waitingBytes += data.length + OVERHEAD;
    this.#waiting.push({ data, address, port: from.port });
    this.onReady?.();
  }

  #fail(errno: Errno): void {
    this.error ??= errno;
    this.onReady?.();
  }
}
