import type { IpAddress } from "../../address/ip.ts";
import { type Instant, milliseconds, seconds } from "../../time/instant.ts";
import { TokenBucket } from "../../time/token-bucket.ts";

/** Linux `icmp_msgs_per_sec` 1000 and `icmp_msgs_burst` 50: of a host, to all destinations. */
const HOST_INTERVAL = milliseconds(1);
const HOST_BURST = 50;
/** Linux `icmp_ratelimit` 1000 ms and its burst of 6: to one destination. */
const DESTINATION_INTERVAL = seconds(1);
const DESTINATION_BURST = 6;
/** Destinations remembered; all are forgotten when there are more. */
const DESTINATIONS_LIMIT = 1024;

/** How many errors a host sends (RFC 1812 §4.3.2.8), by token buckets in virtual time. */
export class ErrorLimit {
  #host: TokenBucket | undefined;
  readonly #destinations = new Map<IpAddress, TokenBucket>();

  /** Whether one more error may go to a destination now; counts it when it may. */
  take(destination: IpAddress, now: Instant): boolean {
    this.#host ??= new TokenBucket(HOST_INTERVAL, HOST_BURST, now);
    let bucket = this.#destinations.get(destination);
    if (bucket === undefined) {
      if (this.#destinations.size >= DESTINATIONS_LIMIT) this.#destinations.clear();
      bucket = new TokenBucket(DESTINATION_INTERVAL, DESTINATION_BURST, now);
      this.#destinations.set(destination, bucket);
    }
    return bucket.take(now) && this.#host.take(now);
  }
}
