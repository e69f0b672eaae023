import type { Clock } from "../../../socket/clock.ts";
import { type Instant, seconds } from "../../../time/instant.ts";
import { perSecond, TokenBucket } from "../../../time/token-bucket.ts";
import type { Middleware } from "../handler.ts";
import { plain } from "../plain.ts";

export interface RateLimit {
  /** Requests a second that one address may make, on average. */
  readonly rate: number;
  /** Requests that it may make at once. */
  readonly burst: number;
}

/** Addresses that are remembered; past it those that did nothing lately are forgotten, and then the oldest. */
export const ADDRESSES_LIMIT = 10_000;

/** Answers 429 (RFC 6585 §4) to an address that asks too often. Of IPv6, a whole /64 is one: who has one address has them all. */
export function rateLimit({ clock }: { readonly clock: Clock }, { rate, burst }: RateLimit): Middleware {
  const buckets = new Map<string, TokenBucket>();
  const interval = perSecond(rate);
  const wait = String(Math.max(1, Math.ceil(interval / seconds(1))));
  const bucketOf = (address: string, now: Instant): TokenBucket => {
    const known = buckets.get(address);
    if (known !== undefined) return known;
    if (buckets.size >= ADDRESSES_LIMIT) forget(buckets, now);
    const bucket = new TokenBucket(interval, burst, now);
    buckets.set(address, bucket);
    return bucket;
  };
  return (next) => (request, info) => {
    const now = clock.now();
    if (bucketOf(neighbourhood(info.remote.address), now).take(now)) return next(request, info);
    return plain(429, "Too many requests: come back later.", { "Retry-After": wait });
  };
}

/** Makes room: what forgetting would change nothing for goes, else a tenth of all, those first seen longest ago. */
function forget(buckets: Map<string, TokenBucket>, now: Instant): void {
  for (const [address, bucket] of buckets) if (bucket.isFull(now)) buckets.delete(address);
  let left = buckets.size - ADDRESSES_LIMIT * 0.9;
  for (const address of buckets.keys()) {
    if (left-- <= 0) return;
    buckets.delete(address);
  }
}

/** An IPv4 address itself, also one mapped into IPv6; of an IPv6 address its first 64 bits. */
export function neighbourhood(address: string): string {
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1] ?? address;
  const [head = "", tail] = (address.split("%", 1)[0] ?? "").split("::", 2);
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array.from({ length: gap }, () => "0"), ...back];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
