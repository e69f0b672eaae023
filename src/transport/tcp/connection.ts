import type { IpAddress } from "../../address/ip.ts";
import { assert } from "../../base/assert.ts";
import type { Errno } from "../../base/errno.ts";
import type { OutputOptions, Route } from "../../internet/internet.ts";
import { apply, type ConnectionOptions, type Ends, fittingSendBuffer, type SendFlags } from "./connection-options.ts";
import { Holdings } from "./holdings.ts";
import { infoOf, type TcpInfo } from "./info.ts";
import type { Listener } from "./listener.ts";
import { output, sendReset, windowUpdateIsDue } from "./output.ts";
import { fitSegments, type PathMtuProbing } from "./path-mtu-probing.ts";
import type { ReceiveTuning } from "./receive-tuning.ts";
import { Recovery, type RecoveryMode } from "./recovery.ts";
import { scaleToOffer } from "./request.ts";
import { giveBack } from "./rest.ts";
import { RetransmissionTimeout } from "./rto.ts";
import { LOST, RESENT } from "./sent-segments.ts";
import { distance, isBefore } from "./sequence.ts";
import type { TcpSettings } from "./settings.ts";
import { receives, type State, TRANSITIONS } from "./state.ts";
import type { Binding, Tcp } from "./tcp.ts";
import type { Traffic } from "./traffic.ts";
import { hasUrgent, isAtMark, markUrgent, readable, readPastMark, readUrgent, type Urgent } from "./urgent.ts";
import { noteIdlePath } from "./window-validation.ts";

export type { ConnectionOptions, Ends, SendFlags } from "./connection-options.ts";

/**
 * One connection: the transmission control block (RFC 9293 §3.3.1) and the calls of its user. Input changes these fields
 * (segment-arrives.ts); {@link output} sends what is due after each input, timer or call. Sequence numbers are signed
 * 32-bit numbers (sequence.ts).
 */
export class Connection extends Holdings implements Ends {
  readonly tcp: Tcp;
  readonly localAddress: IpAddress;
  readonly localPort: number;
  readonly remoteAddress: IpAddress;
  readonly remotePort: number;
  route: Route;
  readonly settings: TcpSettings;
  /** The settings, until the user changes one. */
  options: ConnectionOptions;
  /** How its packets leave. */
  ip: OutputOptions;
  #ipEcnCapable: OutputOptions | undefined;
  /** The next in the same bucket of the demultiplexer, which keeps it. */
  sibling: Connection | undefined;
  /** Keeps the local port for a connection that we opened. */
  binding: Binding | undefined;
  /** Where it waits to be accepted; undefined for a connection that we opened (MUST-11) or that was accepted. */
  listener: Listener | undefined;

  #state: State = "CLOSED";

  // Send sequence variables
  readonly iss: number;
  sndUna: number;
  /** It never falls back: what is sent again stands in {@link sent}. */
  sndNxt: number;
  /** SND.WND, scaled. */
  sndWnd = 0;
  sndWl1 = 0;
  sndWl2 = 0;
  /** The largest window the peer has offered (RFC 9293 §3.8.6.2.1, Max(SND.WND)). */
  maxSndWnd = 0;
  /** Snd.Wind.Shift (RFC 7323 §2.2). */
  sndScale = 0;
  /** What the peer's MSS option allows; 536 without one (MUST-15). */
  peerSegmentSize = 536;
  /** Data that fits a segment beside the options of every segment (MUST-16). */
  segmentSize = 536;

  // Receive sequence variables
  irs = 0;
  rcvNxt = 0;
  /** The right edge of the window as last advertised; it never moves left (SHLD-14). */
  rcvAdv = 0;
  /** Rcv.Wind.Shift. */
  rcvScale = 0;

  // What we offer in our SYN, then what both ends agreed on
  scaling: boolean;
  sackPermitted = false;
  timestamps = false;
  readonly timestampOffset: number;
  /** TS.Recent (RFC 7323 §4.3) and when it was set. */
  tsRecent = 0;
  tsRecentAt = 0;
  /** RCV.NXT when the last ACK was sent: Last.ACK.sent. */
  lastAckSent = 0;

  /** Sequence number of the first byte in the send buffer. */
  sendSequence: number;
  /** Bytes that may wait unread now. */
  receiveLimit: number;
  receiveTuning: ReceiveTuning | undefined;
  #sendLimit: number;
  /** What was written last waits for more (MSG_MORE). */
  moreFollows = false;
  traffic: Traffic | undefined;
  urgent: Urgent | undefined;
  mtuProbing: PathMtuProbing | undefined;

  /** The user has nothing more to send: a FIN follows the send buffer. */
  finQueued = false;
  /** A FIN arrived; its sequence number. */
  peerFin: number | undefined;
  /** The user does not read any more: what arrives is dropped (shutdown), or resets the connection (close). */
  readShut = false;
  /** The user has closed: nobody is there to be told. */
  detached = false;
  /** It goes on closing without a user; {@link Ownerless}' own. */
  orphaned = false;
  /** In TIME-WAIT: until when, and between whom in the row of those whose time ends; the row's own. */
  waitsUntil = 0;
  waitsAfter: Connection | undefined;
  waitsBefore: Connection | undefined;

  /** An acknowledgment must go out at once. */
  ackNow = false;
  /** Bytes that arrived and are not acknowledged yet. */
  unacknowledged = 0;
  /** The SYN or SYN-ACK is to go out, or again. */
  synDue = true;
  /** A tail loss probe is due. */
  tailProbe = false;
  /** The persist timer expired: send into a small window (RFC 9293 §3.8.6.2.1), or probe a closed one. */
  probe = false;
  /** A keepalive probe is due. */
  keepAliveProbe = false;
  /** End of the last segment that was smaller than a full one (Minshall's form of Nagle's rule, as Linux). */
  smallSegmentEnd: number;

  readonly rto: RetransmissionTimeout;
  #recovery: Recovery | undefined;
  /** Nothing lost before this sequence number waits to be sent again. */
  resendFrom: number;
  /** All bytes that are known to have arrived. */
  delivered = 0;
  /** Paced output: the next segment goes no sooner. */
  paceAt = 0;
  /** When the SYN was sent, if once; −1 when its round trip says nothing. */
  synSentAt = -1;
  // Explicit congestion notification (RFC 3168 §6.1): our SYN offered it; both agreed; the peer is to be told of congestion
  // until it says that it has slowed down; the peer is to be told that we have.
  ecnOffered = false;
  ecnCapable = false;
  ecnEcho = false;
  reducedDue = false;
  /** When something was last sent again, or the connection began: no echo of a timestamp before measures a round trip. */
  resentAt: number;
  /** When data was last acknowledged, or sent or held up by the window with nothing before it unacknowledged. */
  progressAt = 0;
  lastHeardAt = 0;
  lastChallengeAt = Number.NEGATIVE_INFINITY;
  /** Probes since the window closed: each doubles the pause to the next, answered or not. */
  persistBackoffs = 0;
  /** Probes of a closed window or of a silent peer that were not answered. */
  unansweredProbes = 0;

  /** What ended the connection, until the user takes it (SO_ERROR). */
  error: Errno | undefined;
  /** What an ICMP error hinted at; told if the connection then times out. */
  softError: Errno | undefined;
  /** Called after readiness may have changed, when the connection is at rest. */
  onReady: (() => void) | undefined;
  #edge = false;
  /** There was no room to write: the user is told when there is. */
  #full = false;

  constructor(tcp: Tcp, ends: Ends, route: Route, settings: TcpSettings, iss: number, timestampOffset: number) {
    super();
    this.tcp = tcp;
    this.localAddress = ends.localAddress;
    this.localPort = ends.localPort;
    this.remoteAddress = ends.remoteAddress;
    this.remotePort = ends.remotePort;
    this.route = route;
    this.settings = settings;
    this.options = settings;
    this.ip = tcp.outputOptions(settings);
    this.iss = iss;
    this.sndUna = this.sndNxt = this.resendFrom = this.smallSegmentEnd = iss;
    this.sendSequence = (iss + 1) | 0;
    this.timestampOffset = timestampOffset;
    this.timestamps = settings.timestamps;
    this.sackPermitted = settings.sack;
    this.scaling = settings.windowScaling;
    if (this.scaling) this.rcvScale = scaleToOffer(settings);
    this.receiveLimit = settings.receiveBuffer ?? settings.initialReceiveBuffer;
    this.#sendLimit = settings.initialSendBuffer;
    this.rto = new RetransmissionTimeout(settings);
    this.progressAt = this.lastHeardAt = this.resentAt = this.now;
  }

  /** How packets leave whose loss the network may spare by a mark: ECT(0) (RFC 3168 §6.1.2). */
  get ipEcnCapable(): OutputOptions {
    this.#ipEcnCapable ??= { ...this.ip, trafficClass: (this.ip.trafficClass & ~3) | 2 };
    return this.#ipEcnCapable;
  }

  get now(): number {
    return this.tcp.scheduler.now;
  }

  get state(): State {
    return this.#state;
  }

  /** The one place where the state changes. */
  set state(next: State) {
    assert(TRANSITIONS[this.#state].includes(next), "RFC 9293 figure 5 has no such transition");
    this.#state = next;
    this.edge();
  }

  get established(): boolean {
    return this.#state !== "CLOSED" && this.#state !== "SYN-SENT" && this.#state !== "SYN-RECEIVED";
  }

  /** The sequence number of our FIN; it has one once {@link finQueued}. */
  get finSequence(): number {
    return (this.sendSequence + this.sendBuffer.length) | 0;
  }

  /** The sequence number after all there is to send. */
  get sendEnd(): number {
    return this.finQueued ? (this.finSequence + 1) | 0 : this.finSequence;
  }

  /** Whether something waits that was never sent. */
  get hasNewData(): boolean {
    return isBefore(this.sndNxt, this.sendEnd);
  }

  /** What loss has to do with; made when it is first asked for. */
  get recovery(): Recovery {
    this.#recovery ??= new Recovery(this.sndUna);
    return this.#recovery;
  }

  get mode(): RecoveryMode {
    return this.#recovery?.mode ?? "open";
  }

  /** Whether nothing is lost, reported, sent again or probed for. */
  get isQuiet(): boolean {
    return this.#recovery === undefined || this.#recovery.isQuiet(this);
  }

  /** Bytes in the network, as far as is known (RFC 6675 §4, pipe). */
  get inFlight(): number {
    return this.#recovery === undefined ? this.sent.outstanding : this.#recovery.inFlight(this);
  }

  /** RFC 8985 §7.2: not in recovery, and one at a time. */
  get maySendTailProbe(): boolean {
    const { mode } = this;
    return this.sackPermitted && (mode === "open" || mode === "cwr") && this.#recovery?.tail.end === undefined;
  }

  /** A segment is lost and must go again. */
  markLost(index: number): void {
    const { sent } = this;
    if (!sent.has(index, LOST) || sent.has(index, RESENT))
      this.recovery.lost(sent.length(index), sent.has(index, RESENT));
    sent.markLost(index);
    const start = sent.start(index);
    if (isBefore(start, this.resendFrom)) this.resendFrom = start;
  }

  /** Bytes of the peer's window that are left (RCV.WND). */
  get rcvWnd(): number {
    return distance(this.rcvAdv, this.rcvNxt);
  }

  get hasUrgent(): boolean {
    return hasUrgent(this);
  }

  get atMark(): boolean {
    return isAtMark(this);
  }

  get readable(): boolean {
    return readable(this) > 0 || this.atEnd || this.error !== undefined || this.#state === "CLOSED";
  }

  get writable(): boolean {
    if (this.#state === "SYN-SENT" || this.#state === "SYN-RECEIVED") return false;
    if (!this.canSend || this.error !== undefined) return true;
    const free = this.sendLimit - this.sendBuffer.length;
    // As Linux: a third must be free, so that a writer is not woken for every segment.
    return free * 3 >= this.sendLimit && this.unsent * 2 < this.options.notSentLimit;
  }

  /** Bytes that were never sent. */
  get unsent(): number {
    return Math.max(distance(this.finSequence, this.sndNxt), 0);
  }

  /** Bytes that may wait to be sent or acknowledged now: ahead of the congestion window, and never less than before. */
  get sendLimit(): number {
    return this.options.sendBuffer ?? Math.max(this.#sendLimit, fittingSendBuffer(this));
  }

  get hangup(): boolean {
    return this.#state === "CLOSED" || (this.atEnd && this.finQueued);
  }

  /** Everything the peer sent was read, and it sends no more. */
  private get atEnd(): boolean {
    return readable(this) === 0 && (this.readShut || !(receives(this.#state) || !this.established));
  }

  /** Whether the user may still send. */
  private get canSend(): boolean {
    return !this.finQueued && (this.#state === "ESTABLISHED" || this.#state === "CLOSE-WAIT");
  }

  /** RECEIVE (RFC 9293 §3.10.3), without waiting. @returns bytes read, 0 at the end, EAGAIN, or what ended the connection */
  read(into: Uint8Array): number | Errno {
    if (readable(this) > 0) {
      const { urgent } = this;
      const count = urgent === undefined ? this.receiveBuffer.read(into) : readPastMark(this, into, urgent);
      this.receiveTuning?.read(this);
      if (receives(this.#state) && windowUpdateIsDue(this)) {
        this.ackNow = true;
        this.finish();
      }
      return count;
    }
    const error = this.takeError();
    if (error !== undefined) return error;
    return this.atEnd || this.#state === "CLOSED" ? 0 : "EAGAIN";
  }

  /** The urgent byte, without waiting (MSG_OOB). @returns 1, EAGAIN, EINVAL when there is none, 0 at the end */
  readUrgent(into: Uint8Array): number | Errno {
    return readUrgent(this, into);
  }

  /** SEND (RFC 9293 §3.10.2), without waiting. @returns bytes taken, EAGAIN, EPIPE, or what ended the connection */
  write(from: Uint8Array, flags?: SendFlags): number | Errno {
    const error = this.takeError();
    if (error !== undefined) return error;
    if (this.#state === "SYN-SENT" || this.#state === "SYN-RECEIVED") return this.finQueued ? "EPIPE" : "EAGAIN";
    if (!this.canSend) return "EPIPE";
    const limit = this.sendLimit;
    if (this.options.sendBuffer === undefined) this.#sendLimit = limit;
    const room = Math.min(limit - this.sendBuffer.length, this.options.notSentLimit - this.unsent);
    const count = Math.min(from.length, room);
    if (count <= 0) {
      if (from.length === 0) return 0;
      this.#full = true;
      return "EAGAIN";
    }
    if (!this.hasNewData) noteIdlePath(this);
    this.holdSent().push(from, 0, count);
    if (flags?.outOfBand) markUrgent(this);
    this.moreFollows = flags?.more ?? false;
    this.finish();
    this.#full = !this.writable;
    return count;
  }

  /** CLOSE (RFC 9293 §3.10.4) of our direction; the other stays open. */
  shutdownWrite(): void {
    if (this.finQueued || this.#state === "CLOSED") return;
    if (this.#state === "SYN-SENT") {
      this.destroy(undefined);
    } else {
      this.finQueued = true;
      if (this.#state === "ESTABLISHED")
        this.state = "FIN-WAIT-1"; // SYN-RECEIVED: once the SYN is acknowledged
      else if (this.#state === "CLOSE-WAIT") this.state = "LAST-ACK";
    }
    this.finish();
  }

  /** No more is read; what still arrives is acknowledged and dropped, as Linux does. */
  shutdownRead(): void {
    this.readShut = true;
    this.receiveBuffer.forgetBlocks();
    this.edge();
    this.finish();
  }

  /** The user is gone. What was written is still sent; unread data resets the connection (RFC 9293 §3.6.1, SHLD-3). */
  close(): void {
    if (this.detached) return;
    this.detached = true;
    this.onReady = undefined;
    if (this.receiveBuffer.length > 0) {
      this.abort();
      return;
    }
    if (this.#state !== "CLOSED" && !this.tcp.ownerless.orphan(this)) {
      this.abort();
      return;
    }
    this.readShut = true;
    this.shutdownWrite();
    if (this.#state === "FIN-WAIT-2") this.setTimer("linger", this.now + this.settings.finWait2);
  }

  /** ABORT (RFC 9293 §3.10.5): the peer is reset. */
  abort(): void {
    this.detached = true;
    this.onReady = undefined;
    const announce = this.#state !== "CLOSED" && this.#state !== "SYN-SENT" && this.#state !== "TIME-WAIT";
    if (announce) sendReset(this);
    this.destroy(undefined);
    this.receiveBuffer.clear();
  }

  /** Takes the pending error, when the user asks (RFC 9293 §3.9.1.8, SHLD-20). */
  takeError(): Errno | undefined {
    const { error } = this;
    this.error = undefined;
    return error;
  }

  get info(): TcpInfo {
    return infoOf(this);
  }

  /** Changes options while the connection is open. */
  set(changes: Partial<ConnectionOptions>): void {
    this.options = { ...this.options, ...changes };
    const { hopLimit, trafficClass } = this.options;
    this.ip = { hopLimit, trafficClass, dontFragment: "want" };
    this.#ipEcnCapable = undefined;
    this.adjustSegmentSize();
    apply(this, changes);
    if (this.established) this.finish();
    this.#full = !this.writable;
  }

  /** Fits segments to what the peer takes and the path carries. */
  adjustSegmentSize(): void {
    fitSegments(this);
  }

  /** Readiness may have changed: the user is told once the connection is at rest. */
  edge(): void {
    this.#edge = true;
  }

  /** Ends every input, timer and call: sends what is due, then tells the user (DESIGN: invariant 2). */
  finish(): void {
    output(this);
    if (this.#full && this.writable) {
      this.#full = false;
      this.#edge = true;
    }
    if (!this.#edge) return;
    this.#edge = false;
    this.onReady?.();
  }

  /** Ends the connection here and now: timers, port and place in the demultiplexer are given back. */
  destroy(error: Errno | undefined): void {
    if (this.#state === "CLOSED") return;
    this.error ??= error; // for the user to take (RFC 9293 §3.9.1.8, MUST-47)
    this.state = "CLOSED";
    giveBack(this);
    this.tcp.forget(this);
  }

  /** Our FIN is acknowledged and theirs has come: waits for stray segments to die (RFC 9293 §3.6.1, MUST-13). */
  enterTimeWait(): void {
    this.state = "TIME-WAIT";
    giveBack(this);
    if (this.detached) this.forgetPath();
    this.tcp.ownerless.enterTimeWait(this);
  }

  /** The value of a timestamp sent at a time: milliseconds (RFC 7323 §5.4). */
  timestampAt(at: number): number {
    return (Math.floor(at / 1e6) + this.timestampOffset) | 0;
  }
}
