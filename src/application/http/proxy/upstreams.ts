import type { Duration, Instant } from "../../../time/instant.ts";
import { type Origin, originOf } from "../client/origin.ts";

export type Balance = "round-robin" | "least-connections";

/** One server that requests are passed on to, as a file describes it. */
export interface UpstreamDescription {
  /** `http://host:port`, with a path that is put before what is asked for. */
  readonly url: string;
  /** Its share among the others; 1 unless given. */
  readonly weight?: number | undefined;
}

/** One server that requests are passed on to, and how it fares. */
export class Upstream {
  readonly url: URL;
  readonly origin: Origin;
  readonly weight: number;
  /** Requests that are with it now. */
  active = 0;
  /** Until when it is left alone, because it has failed. */
  restsUntil: number = Number.NEGATIVE_INFINITY;
  failures = 0;
  /** What it is owed; the sum over all is 0. */
  credit = 0;

  /** @throws TypeError when the URL is no http or https URL */
  constructor({ url, weight = 1 }: UpstreamDescription) {
    this.url = new URL(url);
    this.origin = originOf(this.url, undefined);
    this.weight = weight;
  }

  /** `host:port`, for people. */
  get name(): string {
    return this.url.host;
  }
}

/** Servers that do the same, of which each request gets one. */
export class Upstreams {
  readonly all: readonly Upstream[];
  readonly #balance: Balance;
  readonly #rest: Duration;

  /** @param rest how long one is left alone after a failure */
  constructor(descriptions: readonly UpstreamDescription[], balance: Balance, rest: Duration) {
    this.all = descriptions.map((each) => new Upstream(each));
    this.#balance = balance;
    this.#rest = rest;
  }

  /**
   * The one for the next request. One that failed rests, but when all do, the one that has rested longest is tried.
   * @param tried those that have failed this request
   */
  pick(now: Instant, tried: ReadonlySet<Upstream>): Upstream | undefined {
    const left = this.all.filter((each) => !tried.has(each));
    const awake = left.filter((each) => each.restsUntil <= now);
    if (awake.length === 0) return left.toSorted((a, b) => a.restsUntil - b.restsUntil)[0];
    return this.#balance === "round-robin" ? inTurn(awake) : leastBusy(awake);
  }

  succeeded(upstream: Upstream): void {
    upstream.failures = 0;
    upstream.restsUntil = Number.NEGATIVE_INFINITY;
  }

  failed(upstream: Upstream, now: Instant): void {
    upstream.failures++;
    upstream.restsUntil = now + this.#rest;
  }
}

/** Each in turn by its weight, evenly spread: all are owed their weight, who is owed most gets the request and pays for all. */
function inTurn(upstreams: readonly Upstream[]): Upstream | undefined {
  let best: Upstream | undefined;
  let total = 0;
  for (const each of upstreams) {
    each.credit += each.weight;
    total += each.weight;
    if (best === undefined || each.credit > best.credit) best = each;
  }
  if (best !== undefined) best.credit -= total;
  return best;
}

function leastBusy(upstreams: readonly Upstream[]): Upstream | undefined {
  const load = (each: Upstream): number => each.active / each.weight;
  const least = Math.min(...upstreams.map(load));
  return inTurn(upstreams.filter((each) => load(each) === least));
}
