import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import type { SocketAddress } from "../../address/endpoint.ts";
import type { DatagramDoor, DatagramOutside } from "../../network/doors/datagram-door.ts";
import type { PublishedPort } from "./publish.ts";

/** Bytes that may wait each way: for their instant, or for the system to send them. Datagrams beyond are dropped. */
const WAITING_LIMIT = 256 * 1024;
/** What a waiting datagram counts besides its data. */
const OVERHEAD = 256;

/** The real half of a published UDP port. */
export async function publishDatagrams(door: DatagramDoor, real: SocketAddress): Promise<PublishedPort<DatagramDoor>> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address: real.address, port: real.port, exclusive: true }, resolve);
  });
  return new PublishedDatagrams(door, socket);
}

class PublishedDatagrams implements PublishedPort<DatagramDoor>, DatagramOutside {
  readonly at: SocketAddress;
  #door: DatagramDoor;
  readonly #socket: Socket;
  readonly #numbers = new Map<string, number>();
  readonly #peers = new Map<number, SocketAddress>();
  #last = 0;
  #waiting = 0;

  constructor(door: DatagramDoor, socket: Socket) {
    const { address, port } = socket.address();
    this.at = { address, port };
    this.#door = door;
    this.#socket = socket;
    door.outside = this;
    socket.on("message", (data, from) => this.#arrived(data, from));
    // A client that is gone shows here by an ICMP error; its datagrams are lost, as datagrams may be.
    socket.removeAllListeners("error").on("error", () => {});
  }

  join(door: DatagramDoor): void {
    if (this.#door.outside === this) this.#door.outside = undefined;
    this.#numbers.clear();
    this.#peers.clear();
    this.#waiting = 0;
    this.#door = door;
    door.outside = this;
  }

  taken(count: number): void {
    this.#waiting -= count + OVERHEAD;
  }

  data(number: number, bytes: Uint8Array): void {
    const peer = this.#peers.get(number);
    if (peer === undefined || this.#socket.getSendQueueSize() > WAITING_LIMIT) return;
    this.#socket.send(bytes, peer.port, peer.address, () => {});
  }

  forget(number: number): void {
    const peer = this.#peers.get(number);
    if (peer === undefined) return;
    this.#peers.delete(number);
    this.#numbers.delete(`${peer.address}:${peer.port}`);
  }

  close(): void {
    if (this.#door.outside !== this) return;
    this.#door.outside = undefined;
    this.#socket.close();
  }

  #arrived(data: Buffer, { address, port }: RemoteInfo): void {
    if (this.#waiting + data.length + OVERHEAD > WAITING_LIMIT) return;
    const number = this.#numberOf(address, port);
    if (number !== undefined && this.#door.data(number, data)) this.#waiting += data.length + OVERHEAD;
  }

  #numberOf(address: string, port: number): number | undefined {
    const key = `${address}:${port}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = ++this.#last;
    if (!this.#door.open(number, key)) return undefined;
    this.#numbers.set(key, number);
    this.#peers.set(number, { address, port });
    return number;
  }
}
