import { formatEndpoint } from "../../address/endpoint.ts";
import { after, type Duration, seconds } from "../../time/instant.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import { Timer } from "../../time/timer.ts";
import type { UdpEndpoint } from "../../transport/udp/endpoint.ts";
import type { Input } from "../input-log.ts";
import type { PublishedClient, PublishOptions } from "./publish.ts";
import { PublishedDoor } from "./published-door.ts";

/** A client that neither sends nor is sent anything for so long is forgotten. */
export const IDLE_EXPIRY: Duration = seconds(60);
/** Clients that a door knows at once; datagrams of those beyond are dropped. */
export const PEERS_LIMIT = 4_096;
/** The same length as the longest datagram, so that none is cut. */
const LONGEST = 65_507;

/** What stands outside of a published port: a real socket, whose peers have numbers. */
export interface DatagramOutside {
  /** Bytes of a client's datagram wait for their instant no more. */
  taken(count: number): void;
  /** A datagram for a client, handed over. */
  data(number: number, bytes: Uint8Array): void;
  /** A client was forgotten: if it sends again it comes with a new number. */
  forget(number: number): void;
}

const scratch = new Uint8Array(LONGEST);

interface Peer {
  readonly number: number;
  readonly real: string;
  readonly endpoint: UdpEndpoint;
  readonly idle: Timer;
  in: number;
  out: number;
}

/**
 * A UDP port of the real machine joined to one of a virtual host: this is the virtual half. Each real client has a
 * virtual port of its own at the host where it enters, and what is sent to that port goes to it.
 */
export class DatagramDoor extends PublishedDoor {
  readonly protocol = "udp";
  /** The real half; none in a replay. */
  outside: DatagramOutside | undefined;
  /** Datagrams that the entry host could not send. */
  dropped = 0;
  readonly #scheduler: Scheduler;
  readonly #peers = new Map<number, Peer>();

  constructor(options: PublishOptions & { readonly scheduler: Scheduler }) {
    super(options);
    this.#scheduler = options.scheduler;
  }

  protected clients(): PublishedClient[] {
    return [...this.#peers.values()].map((peer) => {
      const { number, real, in: entered, out } = peer;
      return { number, real, virtual: nameOf(peer.endpoint), in: entered, out };
    });
  }

  protected leave(): void {
    for (const peer of [...this.#peers.values()]) {
      this.#scheduler.disarm(peer.idle);
      this.#expire(peer);
    }
  }

  protected input({ kind, number, bytes }: Input): void {
    if (kind === "data") this.#send(number, bytes);
  }

  protected come(number: number, real: string): void {
    const { host, to, log } = this.options;
    const endpoint = host.udp.open();
    const errno = this.#peers.size >= PEERS_LIMIT ? "ENOBUFS" : endpoint.connect(to.address, to.port);
    if (errno !== undefined) {
      endpoint.close();
      log?.("refused", { real, errno });
      this.outside?.forget(number);
      return;
    }
    const idle = new Timer(`${this.door} idle`, () => this.#expire(peer));
    const peer: Peer = { number, real, endpoint, idle, in: 0, out: 0 };
    this.#peers.set(number, peer);
    endpoint.onReady = () => this.#receive(peer);
    this.#touch(peer);
    log?.("opened", { real, virtual: nameOf(endpoint), to: formatEndpoint(to.address, to.port) });
  }

  #send(number: number, bytes: Uint8Array): void {
    this.outside?.taken(bytes.length);
    const peer = this.#peers.get(number);
    if (peer === undefined) {
      this.dropped++;
      return;
    }
    this.#touch(peer);
    // An ICMP error that a datagram before has brought would be told instead of sending this one.
    peer.endpoint.takeError();
    const sent = peer.endpoint.send(bytes);
    if (typeof sent === "number") peer.in += sent;
    else this.dropped++;
  }

  #receive(peer: Peer): void {
    for (;;) {
      const received = peer.endpoint.receive(scratch);
      if (received === "EAGAIN") return;
      if (typeof received === "string") continue;
      this.#touch(peer);
      peer.out += received.length;
      this.outside?.data(peer.number, scratch.slice(0, received.length));
    }
  }

  #touch(peer: Peer): void {
    this.#scheduler.arm(peer.idle, after(this.#scheduler.now, IDLE_EXPIRY));
  }

  #expire(peer: Peer): void {
    const { number, real, in: entered, out } = peer;
    this.#peers.delete(number);
    peer.endpoint.close();
    this.options.log?.("expired", { real, in: entered, out });
    this.outside?.forget(number);
  }
}

const nameOf = (endpoint: UdpEndpoint): string => formatEndpoint(endpoint.localAddress, endpoint.localPort);
