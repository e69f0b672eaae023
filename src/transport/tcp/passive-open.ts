import { assert } from "../../base/assert.ts";
import type { Random } from "../../base/random.ts";
import type { DeliveryFailure } from "../../internet/internet.ts";
import type { DropReason } from "../../packet/drop-reason.ts";
import * as wire from "../../wire/tcp.ts";
import { Connection } from "./connection.ts";
import { Demultiplexer } from "./demux.ts";
import type { InitialSequence } from "./initial-sequence.ts";
import { Listener } from "./listener.ts";
import { CONNECTIONS_LIMIT } from "./ownerless.ts";
import { Request } from "./request.ts";
import { requestArrives } from "./request-arrives.ts";
import { Requests } from "./requests.ts";
import type { Segment } from "./segment.ts";
import { segmentArrives } from "./segment-arrives.ts";
import { add } from "./sequence.ts";
import type { TcpSettings } from "./settings.ts";
import { sendRequestAck, sendSynAck } from "./syn-ack.ts";
import { COOKIES_EXPECTED, cookieTimestamp, readCookieTimestamp, SynCookies } from "./syn-cookies.ts";
import { offersEcn, takeSyn } from "./syn-sent.ts";
import type { Binding, Tcp } from "./tcp.ts";

/** How peers' SYNs become connections: as requests while there is room for them, by cookies when there is none. */
export class PassiveOpens {
  readonly #tcp: Tcp;
  readonly #sequence: InitialSequence;
  readonly #cookies: SynCookies;
  readonly requests = new Demultiplexer<Request>();

  constructor(tcp: Tcp, random: Random, sequence: InitialSequence) {
    this.#tcp = tcp;
    this.#sequence = sequence;
    this.#cookies = new SynCookies(random);
  }

  listen(binding: Binding, backlog: number, settings: TcpSettings): Listener {
    return new Listener(binding, backlog, settings, new Requests(this.#tcp.name, this, this.#tcp.scheduler, settings));
  }

  /**
   * SEGMENT ARRIVES where there is no connection: in LISTEN, CLOSED, and SYN-RECEIVED after LISTEN (RFC 9293 §3.10.7.1,
   * §3.10.7.2, §3.10.7.4).
   * @param last the connection of the same four numbers that the segment has just ended
   */
  segmentArrives(s: Segment, last?: Connection): DropReason | undefined {
    const request = this.requests.find(s.localAddress, s.localPort, s.remoteAddress, s.remotePort);
    if (request !== undefined) return requestArrives(this, request, s);
    if (s.has(wire.RST)) return "tcp-no-connection";
    const listener = this.#tcp.findListener(s.localAddress, s.localPort);
    if (listener === undefined) return this.reset(s, "tcp-no-connection");
    if (s.has(wire.ACK)) return this.#cookieArrives(listener, s);
    if (!s.has(wire.SYN)) return "tcp-no-connection";
    return this.#synArrives(listener, s, last);
  }

  #synArrives(listener: Listener, s: Segment, last: Connection | undefined): DropReason | undefined {
    const tcp = this.#tcp;
    if (!listener.mayComplete()) return "tcp-backlog-full";
    if (tcp.connections.size + this.requests.size >= CONNECTIONS_LIMIT) return "tcp-table-full";
    const { synCookies } = listener.settings;
    // Instead of one in TIME-WAIT it must have a number after that one's, which a cookie has only by chance.
    const cookie = last === undefined && (synCookies === "always" || listener.requests.isFull);
    if (cookie && synCookies === "never") return "tcp-backlog-full";
    const route = tcp.internet.route(s.remoteAddress, s.localAddress);
    if (typeof route === "string" || route.group) return "tcp-not-unicast"; // MUST-63
    const { now } = this;
    let iss: number;
    if (cookie) iss = this.#cookies.make(now, s, s.seq, s.options.maximumSegmentSize);
    else iss = this.#sequence.after(last?.sndNxt, now, s);
    const offset = this.#sequence.timestampOffset(s.localAddress, s.remoteAddress);
    const request = new Request(listener, s, route, s.seq, iss, offset, now);
    request.take(s.window, s.options, offersEcn(s));
    if (cookie) this.#sendCookie(request);
    else {
      this.requests.add(request);
      listener.requests.add(request);
      sendSynAck(tcp, request, this.#timestampNow(request));
    }
    return undefined;
  }

  /** Without a timestamp to carry them, a cookie's SYN-ACK offers neither scaling nor SACK nor ECN (as Linux). */
  #sendCookie(request: Request): void {
    if (!request.timestamps) {
      request.windowScale = -1;
      request.sackPermitted = false;
      request.ecnCapable = false;
    }
    request.listener.cookieSentAt = request.beganAt;
    this.#tcp.counters.synCookiesSent++;
    const { timestampOffset } = request;
    const value = cookieTimestamp(add(this.#timestampNow(request), -timestampOffset), request);
    sendSynAck(this.#tcp, request, add(value, timestampOffset));
  }

  /** An ACK to a listener is either a cookie that comes back, or of no connection (RFC 9293 §3.10.7.2, second). */
  #cookieArrives(listener: Listener, s: Segment): DropReason | undefined {
    const { now } = this;
    if (s.has(wire.SYN) || now - listener.cookieSentAt > COOKIES_EXPECTED) return this.reset(s, "tcp-no-connection");
    const irs = add(s.seq, -1);
    const iss = add(s.ack, -1);
    const segmentSize = this.#cookies.check(now, s, irs, iss);
    if (segmentSize === undefined) {
      this.#tcp.counters.synCookiesFailed++;
      return this.reset(s, "tcp-no-connection");
    }
    this.#tcp.counters.synCookiesReceived++;
    if (!listener.mayComplete()) return "tcp-backlog-full";
    if (this.#tcp.connections.size >= CONNECTIONS_LIMIT) return "tcp-table-full";
    const route = this.#tcp.internet.route(s.remoteAddress, s.localAddress);
    if (typeof route === "string" || route.group) return "tcp-not-unicast";
    const offset = this.#sequence.timestampOffset(s.localAddress, s.remoteAddress);
    const request = new Request(listener, s, route, irs, iss, offset, now);
    const { timestamps, timestampValue, timestampEcho } = s.options;
    const offered = timestamps ? readCookieTimestamp(add(timestampEcho, -offset)) : NOTHING_OFFERED;
    const syn = { maximumSegmentSize: segmentSize, timestamps, timestampValue, ...offered };
    request.take(s.window, syn, offered.ecnCapable);
    request.repeated = true; // nobody remembers when the SYN-ACK went out
    return this.open(request, s);
  }

  /** The handshake is over: the request becomes a connection, which takes the segment as any other. */
  open(request: Request, s: Segment): DropReason | undefined {
    const tcp = this.#tcp;
    const { listener } = request;
    const c = new Connection(tcp, request, request.route, listener.settings, request.iss, request.timestampOffset);
    tcp.connections.add(c);
    c.listener = listener;
    c.state = "SYN-RECEIVED";
    takeSyn(c, request.irs, 0, request.window, request);
    c.ecnCapable = request.ecnCapable;
    c.synDue = false;
    c.sndNxt = add(request.iss, 1);
    c.rto.backoffs = request.retransmissions;
    if (!request.repeated) c.synSentAt = request.beganAt;
    tcp.counters.accepted++;
    const verdict = segmentArrives(c, s);
    c.finish();
    assert(c.established, "a request was checked as its connection would be");
    listener.complete(c);
    return verdict === undefined || verdict === "done" || verdict === "reset" ? undefined : verdict;
  }

  get now(): number {
    return this.#tcp.scheduler.now;
  }

  reset(s: Segment, reason: DropReason = "tcp-bad-state"): DropReason {
    this.#tcp.reset(s);
    return reason;
  }

  mayChallenge(request: Request): boolean {
    return this.#tcp.challenges.mayChallenge(request, this.now);
  }

  acknowledge(request: Request): void {
    sendRequestAck(this.#tcp, request, this.#timestampNow(request));
  }

  /** Sends a request's SYN-ACK again. */
  repeat(request: Request): void {
    request.repeated = true;
    sendSynAck(this.#tcp, request, this.#timestampNow(request));
  }

  /** A request's listener is gone (RFC 9293 §3.10.5, SYN-RECEIVED). */
  abort(request: Request): void {
    sendRequestAck(this.#tcp, request, this.#timestampNow(request), wire.RST | wire.ACK);
    this.forget(request);
  }

  /** A request is over. */
  forget(request: Request): void {
    request.listener.requests.remove(request);
    this.requests.remove(request);
  }

  #timestampNow(request: Request): number {
    return add(Math.floor(this.now / 1e6) | 0, request.timestampOffset);
  }

  /** An ICMP error that quotes a SYN-ACK, by its very number, ends a request as far as it does under Linux. */
  failed({ view, at, end, local, remote, kind }: DeliveryFailure): void {
    if (end - at < 8 || !ENDS_REQUEST.has(kind)) return;
    const request = this.requests.find(local, wire.sourcePort(view, at), remote, wire.destinationPort(view, at));
    if (request !== undefined && wire.sequenceNumber(view, at) === request.iss) this.forget(request);
  }
}

const NOTHING_OFFERED = { windowScale: -1, sackPermitted: false, ecnCapable: false };
const ENDS_REQUEST: ReadonlySet<DeliveryFailure["kind"]> = new Set([
  "network-unreachable",
  "host-unreachable",
  "neighbor-unresolved",
  "hop-limit-exceeded",
  "reassembly-timeout",
  "parameter-problem",
]);
