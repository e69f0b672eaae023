import { formatEndpoint, type Port } from "../../address/endpoint.ts";
import { ANY, type IpAddress, LOOPBACK } from "../../address/ip.ts";
import { finish, sum } from "../../base/checksum.ts";
import type { Errno } from "../../base/errno.ts";
import { Random } from "../../base/random.ts";
import type { DeliveryFailure, Internet, OutputOptions, Transport } from "../../internet/internet.ts";
import type { Nic } from "../../link/nic.ts";
import type { DropReason } from "../../packet/drop-reason.ts";
import type { Packet } from "../../packet/packet.ts";
import type { PacketPool } from "../../packet/packet-pool.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import * as wire from "../../wire/tcp.ts";
import { chooseEphemeral } from "../ports.ts";
import { pseudoHeaderSum } from "../pseudo-header.ts";
import { ChallengeLimit } from "./challenge.ts";
import { ConnectPorts } from "./connect-ports.ts";
import { Connection, type Ends } from "./connection.ts";
import { Demultiplexer } from "./demux.ts";
import { InitialSequence } from "./initial-sequence.ts";
import type { Listener } from "./listener.ts";
import { CONNECTIONS_LIMIT, Ownerless } from "./ownerless.ts";
import { PassiveOpens } from "./passive-open.ts";
import { Segment } from "./segment.ts";
import { followingArrives, segmentArrives, textArrives, type Verdict } from "./segment-arrives.ts";
import { SegmentRun } from "./segment-run.ts";
import { SACKED } from "./sent-segments.ts";
import { add, distance, isAfter } from "./sequence.ts";
import { DEFAULT_SETTINGS, type TcpSettings } from "./settings.ts";
import { requestSnapshotOf, snapshotOf, type TcpSnapshot } from "./snapshot.ts";
import { segmentArrivesInSynSent } from "./syn-sent.ts";
import { mayReopen, mayReuse } from "./time-wait.ts";
import { TimerPool } from "./timers.ts";

/** A local port that is taken, and perhaps listened on. */
export interface Binding {
  readonly address: IpAddress;
  readonly port: Port;
  /** SO_REUSEADDR. */
  readonly reuse: boolean;
  listener: Listener | undefined;
  release(): void;
}

export interface TcpParts {
  /** Whose TCP it is, for the name of its timers. */
  readonly name: string;
  readonly internet: Internet;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly pool: PacketPool;
  readonly settings?: Partial<TcpSettings> | undefined;
}

/** The Transmission Control Protocol of one host (RFC 9293). */
export class Tcp implements Transport {
  readonly name: string;
  readonly internet: Internet;
  readonly scheduler: Scheduler;
  readonly pool: PacketPool;
  /** Those of what is opened from now on; a socket's own come before them. */
  settings: TcpSettings;
  readonly connections = new Demultiplexer<Connection>();
  readonly ownerless: Ownerless;
  readonly timers: TimerPool;
  #outputOptions: OutputOptions | undefined;
  readonly random: Random;
  readonly #sequence: InitialSequence;
  readonly #connectPorts: ConnectPorts;
  readonly #bindings = new Map<Port, Binding[]>();
  readonly #segment = new Segment();
  readonly #run: SegmentRun;
  readonly passive: PassiveOpens;
  readonly challenges: ChallengeLimit;
  readonly counters = {
    opened: 0,
    accepted: 0,
    resetsSent: 0,
    synCookiesSent: 0,
    synCookiesReceived: 0,
    synCookiesFailed: 0,
  };

  constructor(parts: TcpParts) {
    this.name = parts.name;
    this.internet = parts.internet;
    this.scheduler = parts.scheduler;
    this.pool = parts.pool;
    this.#run = new SegmentRun(parts.pool);
    this.settings = { ...DEFAULT_SETTINGS, ...parts.settings };
    this.random = parts.random.stream("tcp");
    this.timers = new TimerPool(this.scheduler, this.name);
    this.ownerless = new Ownerless(this.scheduler, this.name);
    this.#connectPorts = new ConnectPorts(
      this.random.stream("ports"),
      (local, port, remote, remotePort) =>
        !this.#bindings.has(port) && this.#mayOpen(this.connections.find(local, port, remote, remotePort)),
    );
    const seed = this.settings.isnSeed;
    this.#sequence = new InitialSequence(seed === undefined ? this.random.stream("isn") : new Random(seed, "isn"));
    this.passive = new PassiveOpens(this, this.random.stream("syn-cookies"), this.#sequence);
    this.challenges = new ChallengeLimit(this.random.stream("challenges"), this.settings.challengeAckLimit);
  }

  /**
   * Takes a local port.
   * @param address one of ours, or ANY @param port 0 chooses an ephemeral one
   * @returns EADDRINUSE when another has it, EADDRNOTAVAIL when the address is not ours
   */
  bind(address: IpAddress, port: Port, reuse: boolean): Binding | Errno {
    if (address !== ANY && !this.internet.isLocal(address)) return "EADDRNOTAVAIL";
    const chosen = port === 0 ? chooseEphemeral(this.random, (each) => this.#isFree(address, each, false)) : port;
    if (chosen === undefined || !this.#isFree(address, chosen, reuse)) return "EADDRINUSE";
    const bindings = this.#bindings.get(chosen) ?? [];
    const release = (): void => {
      const left = (this.#bindings.get(chosen) ?? []).filter((other) => other !== binding);
      if (left.length > 0) this.#bindings.set(chosen, left);
      else this.#bindings.delete(chosen);
    };
    const binding: Binding = { address, port: chosen, reuse, listener: undefined, release };
    this.#bindings.set(chosen, [...bindings, binding]);
    return binding;
  }

  #isFree(address: IpAddress, port: Port, reuse: boolean): boolean {
    if (!reuse && this.connections.uses(port)) return false;
    const bindings = this.#bindings.get(port) ?? [];
    return bindings.every((other) => {
      if (other.address !== address && other.address !== ANY && address !== ANY) return true;
      return reuse && other.reuse && other.listener === undefined;
    });
  }

  /**
   * Passive OPEN (RFC 9293 §3.10.1): touches no connection there is (MUST-41), nor do they stand in its way (MUST-42).
   * @returns EADDRINUSE when the same address and port are listened on already
   */
  listen(binding: Binding, backlog: number, settings?: Partial<TcpSettings>): Listener | Errno {
    const others = this.#bindings.get(binding.port) ?? [];
    if (others.some((other) => other.listener !== undefined && other.address === binding.address)) return "EADDRINUSE";
    binding.listener = this.passive.listen(binding, backlog, this.#merge(settings));
    return binding.listener;
  }

  /**
   * Active OPEN (RFC 9293 §3.10.1). The connection is in SYN-SENT; its outcome comes through `onReady`.
   * @param binding a local port taken before; it belongs to the connection from now on
   * @returns ENETUNREACH; EADDRNOTAVAIL for an address that is not ours, and when the four numbers are taken; ENOBUFS past
   *   {@link CONNECTIONS_LIMIT}
   */
  connect(
    binding: Binding | undefined,
    remote: IpAddress,
    remotePort: Port,
    settings?: Partial<TcpSettings>,
  ): Connection | Errno {
    const remoteAddress = remote === ANY ? LOOPBACK : remote;
    const route = this.internet.route(remoteAddress, binding?.address ?? ANY); // MUST-43, MUST-44
    if (typeof route === "string") return route;
    if (route.group) return "ENETUNREACH"; // RFC 9293 §3.9.1.1 (MUST-46)
    const localAddress = route.local; // and stays so (MUST-45)
    const localPort = binding?.port ?? this.#connectPorts.choose(localAddress, remoteAddress, remotePort);
    if (localPort === undefined) return "EADDRNOTAVAIL";
    const ends: Ends = { localAddress, localPort, remoteAddress, remotePort };
    const last = this.connections.find(localAddress, localPort, remoteAddress, remotePort);
    if (!this.#mayOpen(last) || this.passive.requests.has(ends)) return "EADDRNOTAVAIL";
    last?.destroy(undefined);
    if (this.connections.size >= CONNECTIONS_LIMIT) return "ENOBUFS";
    const iss = this.#sequence.after(last?.sndNxt, this.scheduler.now, ends);
    const offset = this.#sequence.timestampOffset(localAddress, remoteAddress);
    const connection = new Connection(this, ends, route, this.#merge(settings), iss, offset);
    this.connections.add(connection);
    connection.binding = binding;
    connection.state = "SYN-SENT";
    this.counters.opened++;
    connection.finish();
    return connection;
  }

  /** @param last the connection that has the four numbers now */
  #mayOpen(last: Connection | undefined): boolean {
    return last === undefined || mayReuse(last, this.settings.timeWaitReuse);
  }

  #merge(settings: Partial<TcpSettings> | undefined): TcpSettings {
    return settings === undefined ? this.settings : { ...this.settings, ...settings };
  }

  /** How packets leave under those settings: the same object for all connections that have the host's. */
  outputOptions({ hopLimit, trafficClass }: TcpSettings): OutputOptions {
    const last = this.#outputOptions;
    if (last?.hopLimit === hopLimit && last.trafficClass === trafficClass) return last;
    this.#outputOptions = { hopLimit, trafficClass, dontFragment: "want" };
    return this.#outputOptions;
  }

  /** What is listened on and what is open, as plain data. */
  snapshot(): TcpSnapshot {
    const listening = [...this.#bindings.values()]
      .flat()
      .flatMap(({ address, port, listener }) =>
        listener === undefined
          ? []
          : [{ local: formatEndpoint(address, port), pending: listener.pending, backlog: listener.backlog }],
      );
    const connections = [...this.connections].map(snapshotOf);
    const requests = [...this.passive.requests].map(requestSnapshotOf);
    const counters = { ...this.counters, challenges: this.challenges.counters.sent };
    return { listening, connections: [...connections, ...requests], counters };
  }

  /** A connection has ended: its place and port are free. */
  forget(connection: Connection): void {
    this.connections.remove(connection);
    this.ownerless.forget(connection);
    connection.binding?.release();
    connection.binding = undefined;
  }

  input(packet: Packet, nic: Nic): void {
    const reason = this.#input(packet, nic.inBatch);
    if (reason === undefined) packet.release();
    else nic.drop(packet, reason);
  }

  /** No more of the packets that came together. */
  batchEnded(): void {
    this.#run.end();
  }

  /** @param inBatch more may have come together with it @returns why the segment is of no use, or undefined */
  #input(packet: Packet, inBatch: boolean): DropReason | undefined {
    const s = this.#segment;
    const malformed = s.read(packet);
    if (malformed !== undefined) return malformed;
    if (packet.group) return "tcp-not-unicast"; // RFC 9293 §3.9.2.3 (MUST-57)
    const following = this.#run.follower(s);
    if (following !== undefined)
      return this.#conclude(following, s.seq, s.dataLength, followingArrives(following, s), true);
    const connection = this.connections.find(s.localAddress, s.localPort, s.remoteAddress, s.remotePort);
    if (connection === undefined) return this.passive.segmentArrives(s);
    if (this.#reopens(connection, s)) {
      connection.destroy(undefined);
      return this.passive.segmentArrives(s, connection);
    }
    const { seq, dataLength } = s;
    const verdict = connection.state === "SYN-SENT" ? synSentArrives(connection, s) : segmentArrives(connection, s);
    return this.#conclude(connection, seq, dataLength, verdict, inBatch);
  }

  /** The end of every input to a connection. @param seq as it came @param length of its data as it came */
  #conclude(
    connection: Connection,
    seq: number,
    length: number,
    verdict: Verdict | undefined,
    inBatch: boolean,
  ): DropReason | undefined {
    const s = this.#segment;
    if (verdict === "reset") this.reset(s);
    if (!(inBatch && verdict === undefined && this.#run.add(connection, s, seq, length))) connection.finish();
    if (verdict === "done") return undefined;
    return verdict === "reset" ? "tcp-bad-state" : verdict;
  }

  /** Whether a segment takes the place of a connection: somebody listens for it as well. */
  #reopens(c: Connection, s: Segment): boolean {
    if (c.state !== "TIME-WAIT") return false;
    const listener = this.findListener(s.localAddress, s.localPort);
    return listener !== undefined && mayReopen(c, s, listener.settings.timestamps);
  }

  /** Who listens: on the very address, else on any. */
  findListener(address: IpAddress, port: Port): Listener | undefined {
    let wildcard: Listener | undefined;
    for (const binding of this.#bindings.get(port) ?? []) {
      if (binding.listener === undefined) continue;
      if (binding.address === address) return binding.listener;
      if (binding.address === ANY) wildcard = binding.listener;
    }
    return wildcard;
  }

  /** Answers a segment with a reset (RFC 9293 §3.5.2, §3.10.7.1). Never answers a reset. */
  reset(s: Segment): void {
    if (s.has(wire.RST)) return;
    const route = this.internet.route(s.remoteAddress, s.localAddress);
    if (typeof route === "string" || route.group) return;
    const packet = this.pool.allocate(0);
    const at = packet.push(wire.TCP_HEADER);
    const sequence = s.has(wire.ACK) ? s.ack : 0;
    const ack = s.has(wire.ACK) ? 0 : add(s.seq, s.length);
    const flags = s.has(wire.ACK) ? wire.RST : wire.RST | wire.ACK;
    wire.writeHeader(packet.view, at, s.localPort, s.remotePort, sequence, ack, wire.TCP_HEADER, flags, 0, 0);
    const pseudo = pseudoHeaderSum(s.localAddress, s.remoteAddress, wire.TCP_PROTOCOL, wire.TCP_HEADER);
    packet.view.setUint16(at + wire.CHECKSUM_AT, finish(sum(packet.view, at, packet.end, pseudo)));
    this.counters.resetsSent++;
    this.internet.output(packet, route, wire.TCP_PROTOCOL, RESET_OPTIONS);
  }

  /** A segment that was too long had data, so that its number comes before the last one sent (RFC 5927 §4.1, §7). */
  isInFlight(report: DeliveryFailure): boolean {
    const c = this.#senderOf(report);
    return c !== undefined && isAfter(c.sndNxt, wire.sequenceNumber(report.view, report.at));
  }

  /** The connection whose segment an ICMP error quotes, if it may still be under way (RFC 5927 §4.1). */
  #senderOf({ view, at, end, local, remote }: DeliveryFailure): Connection | undefined {
    if (end - at < 8) return undefined;
    const c = this.connections.find(local, wire.sourcePort(view, at), remote, wire.destinationPort(view, at));
    if (c === undefined || c.state === "TIME-WAIT") return undefined;
    // An acknowledgment carries SND.NXT, and before the handshake is over none is under way.
    const last = c.state === "SYN-SENT" ? c.iss : c.sndNxt;
    const sequence = wire.sequenceNumber(view, at);
    return distance(sequence, c.sndUna) < 0 || isAfter(sequence, last) ? undefined : c;
  }

  /** An ICMP error about a segment of ours (RFC 9293 §3.9.2.2, MUST-54). */
  failed(report: DeliveryFailure): void {
    const c = this.#senderOf(report);
    if (c === undefined) {
      this.passive.failed(report);
      return;
    }
    if (report.kind === "packet-too-big") this.#pathShrank(c);
    // As Linux, an attempt ends at any of them rather than after minutes of silence (RFC 5461 §4.1).
    else if (c.state === "SYN-SENT")
      c.destroy(report.errno); // SHLD-26
    else c.softError = report.errno; // told if it times out (SHLD-25); it does not end here (MUST-56; RFC 5927 §5.2)
    c.finish();
  }

  /** The path carries less: what was too big goes again in smaller pieces (RFC 1191 §6.4; RFC 9293 §3.7.3, SHLD-6). */
  #pathShrank(c: Connection): void {
    const route = this.internet.route(c.remoteAddress, c.localAddress);
    if (typeof route === "string") return;
    const before = c.segmentSize;
    c.route = route;
    c.adjustSegmentSize();
    if (c.segmentSize >= before || !c.established) return;
    for (let index = 0; index < c.sent.count; index++) if (!c.sent.has(index, SACKED)) c.markLost(index);
    c.timers.stop("retransmission");
  }
}

/** What a SYN-ACK brings beside the SYN is taken once the connection is open. */
function synSentArrives(c: Connection, s: Segment): Verdict | undefined {
  const verdict = segmentArrivesInSynSent(c, s);
  if (verdict !== undefined || !c.established) return verdict;
  s.seq = add(s.seq, 1);
  return textArrives(c, s);
}

const RESET_OPTIONS: OutputOptions = { hopLimit: 64, trafficClass: 0, dontFragment: true };
