import { type Instant, NEVER } from "../../time/instant.ts";
import type { Scheduler } from "../../time/scheduler.ts";
import { Timer } from "../../time/timer.ts";
import type { PassiveOpens } from "./passive-open.ts";
import type { Request } from "./request.ts";
import type { TcpSettings } from "./settings.ts";

/**
 * A listener's SYN backlog: the requests whose handshake is under way, and when their SYN-ACKs go out again. All that
 * went out equally often wait equally long, so they stand in a row by their deadlines; one timer serves all rows.
 */
export class Requests {
  readonly #scheduler: Scheduler;
  readonly #settings: TcpSettings;
  /** By how often the SYN-ACK went out again. */
  readonly #rows: Set<Request>[] = [];
  readonly #timer: Timer;
  readonly #opens: PassiveOpens;
  /** How many. */
  size = 0;

  constructor(name: string, opens: PassiveOpens, scheduler: Scheduler, settings: TcpSettings) {
    this.#opens = opens;
    this.#scheduler = scheduler;
    this.#settings = settings;
    this.#timer = new Timer(`tcp ${name} requests`, (now) => this.#expire(now));
  }

  get isFull(): boolean {
    return this.size >= this.#settings.synBacklog;
  }

  add(request: Request): void {
    this.size++;
    this.#wait(request, request.beganAt);
  }

  remove(request: Request): void {
    if (this.#rows[request.retransmissions]?.delete(request)) this.size--;
    if (this.size === 0) this.#scheduler.disarm(this.#timer);
  }

  /** The listener is gone. */
  abort(): void {
    for (const row of this.#rows) for (const request of row) this.#opens.abort(request);
  }

  /** Sets the request's next deadline, behind which none of its row lies. */
  #wait(request: Request, now: number): void {
    const { initialRto, maximumRto } = this.#settings;
    const { retransmissions } = request;
    request.deadline = now + Math.min(initialRto * 2 ** retransmissions, maximumRto); // RFC 6298 (5.5)
    let row = this.#rows[retransmissions];
    if (row === undefined) {
      row = new Set();
      this.#rows[retransmissions] = row;
    }
    row.add(request);
    if (request.deadline < this.#timer.at) this.#scheduler.arm(this.#timer, request.deadline as Instant);
  }

  #expire(now: Instant): void {
    let next: number = NEVER;
    // The longest waiters first: who goes on to the next row is not met again.
    for (let index = this.#rows.length - 1; index >= 0; index--) {
      for (const request of this.#rows[index] as Set<Request>) {
        if (request.deadline > now) {
          next = Math.min(next, request.deadline);
          break;
        }
        this.#due(request, now);
      }
    }
    if (next < this.#timer.at) this.#scheduler.arm(this.#timer, next as Instant);
  }

  #due(request: Request, now: Instant): void {
    if (request.retransmissions >= this.#settings.synAckRetries) {
      this.#opens.forget(request);
      return;
    }
    this.#rows[request.retransmissions]?.delete(request);
    request.retransmissions++;
    this.#wait(request, now);
    this.#opens.repeat(request);
  }
}
