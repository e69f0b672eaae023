import type { ByteRing } from "../../base/byte-ring.ts";
import type { Route } from "../../internet/internet.ts";
import { congestionControl } from "./congestion/choose.ts";
import type { CongestionControl } from "./congestion/congestion-control.ts";
import type { Connection } from "./connection.ts";
import { type ConnectionOptions, chosenFor } from "./connection-options.ts";
import type { ReceiveBuffer } from "./receive-buffer.ts";
import { NO_BYTES, NO_SEGMENTS, NOTHING_RECEIVED, takeReceiveBuffer, takeRing, takeSegments } from "./rest.ts";
import type { RetransmissionTimeout } from "./rto.ts";
import type { SentSegments } from "./sent-segments.ts";
import type { TcpSettings } from "./settings.ts";
import type { State } from "./state.ts";
import type { Tcp } from "./tcp.ts";
import { NO_TIMERS, type TimerName } from "./timers.ts";
import { WindowValidation } from "./window-validation.ts";

/**
 * What a connection holds only while it has a use for it, so that a hundred thousand idle ones are cheap. Until then it has
 * what all share; afterwards most is given back (rest.ts).
 */
export abstract class Holdings {
  abstract readonly tcp: Tcp;
  abstract readonly settings: TcpSettings;
  abstract readonly rto: RetransmissionTimeout;
  abstract route: Route;
  abstract options: ConnectionOptions;
  abstract segmentSize: number;
  abstract sndUna: number;
  abstract get now(): number;
  abstract get state(): State;
  abstract get established(): boolean;
  abstract finish(): void;

  sendBuffer = NO_BYTES;
  receiveBuffer = NOTHING_RECEIVED;
  timers = NO_TIMERS;
  /** What is between SND.UNA and SND.NXT, once the connection is open. */
  sent = NO_SEGMENTS;
  #congestion: CongestionControl | undefined;
  #validation: WindowValidation | undefined;
  #roomWaiter: (() => void) | undefined;
  /** Whether a SYN of ours was lost: the congestion window begins with one segment (RFC 5681 §3.1). */
  synLost = false;

  /** Made when something is sent for the first time: many connections wait long for that. */
  get congestion(): CongestionControl {
    if (this.#congestion === undefined) {
      this.#congestion = congestionControl(chosenFor(this.route, this.settings), this.tcp.random);
      if (this.established) this.openCongestion();
    }
    return this.#congestion;
  }

  /** The same for who only looks: undefined before it was made. */
  get heldCongestion(): CongestionControl | undefined {
    return this.#congestion;
  }

  set congestion(control: CongestionControl) {
    this.#congestion = control;
  }

  /** The connection is open. */
  openCongestion(): void {
    this.#congestion?.open(this.#initialWindow, this.segmentSize, this.now, this.rto.smoothed);
  }

  /** RFC 6928 §2. */
  get #initialWindow(): number {
    return (this.synLost ? 1 : this.settings.initialWindow) * this.segmentSize;
  }

  /** cwnd, bytes: {@link congestion}'s, or with what it will begin. */
  get congestionWindow(): number {
    return this.#congestion?.window ?? (this.established ? this.#initialWindow : 0);
  }

  get validation(): WindowValidation {
    this.#validation ??= new WindowValidation(this.sndUna, this.now);
    return this.#validation;
  }

  /** Called when the interface has room. */
  get roomWaiter(): () => void {
    this.#roomWaiter ??= () => this.finish();
    return this.#roomWaiter;
  }

  /** Nothing is sent any more. */
  forgetPath(): void {
    this.#congestion = this.#validation = undefined;
  }

  /** The path carries other segments. */
  resizeCongestion(): void {
    this.#congestion?.resize(this.segmentSize);
  }

  /** The send buffer, the connection's own from now on. */
  holdSent(): ByteRing {
    if (this.sendBuffer === NO_BYTES) this.sendBuffer = takeRing();
    return this.sendBuffer;
  }

  /** The segments under way, the connection's own from now on. */
  holdSegments(): SentSegments {
    if (this.sent === NO_SEGMENTS) this.sent = takeSegments(this.sndUna);
    return this.sent;
  }

  /** The receive buffer, the connection's own from now on. */
  holdReceived(): ReceiveBuffer {
    if (this.receiveBuffer === NOTHING_RECEIVED) this.receiveBuffer = takeReceiveBuffer();
    return this.receiveBuffer;
  }

  /** Moves a deadline. */
  setTimer(this: Connection, name: TimerName, at: number): void {
    if (this.timers === NO_TIMERS) this.timers = this.tcp.timers.take(this);
    this.timers.set(name, at);
  }

  /** Something was heard from the peer, or keepalive was switched: the idle time starts again (MUST-26). */
  restartKeepAlive(this: Connection): void {
    const { options } = this;
    if (!options.keepAlive || !this.established || this.state === "TIME-WAIT") this.timers.stop("keepAlive");
    else this.setTimer("keepAlive", this.now + options.keepAliveIdle);
  }
}
