import { toHex } from "../../../base/hex.ts";
import type { Random } from "../../../base/random.ts";
import { sha256 } from "../../../base/sha256.ts";
import type { ChatStore, SessionRecord } from "../store.ts";

/** Bytes of chance in a cookie, and in a guest's own name for themselves. */
const TOKEN_BYTES = 32;
const USER_BYTES = 16;
/** When somebody was last seen is written down so often at most, in milliseconds; for a short idle limit, twice in it. */
const SEEN_STEP = 300_000;

export interface SessionLimits {
  /** Milliseconds after which a session that nobody used has ended. */
  readonly idle: number;
  /** Milliseconds after which any has. */
  readonly absolute: number;
}

const DEFAULT_SESSION_LIMITS: SessionLimits = { idle: 7 * 86_400_000, absolute: 30 * 86_400_000 };

/** A session and what is in its cookie. */
export interface Session extends SessionRecord {
  readonly token: string;
}

/**
 * Who is behind which cookie. The cookie is 256 bits of chance; the store holds only its SHA-256, so that who reads the store
 * is nobody else.
 */
export class Sessions {
  readonly #store: ChatStore;
  readonly #random: Random;
  readonly #now: () => number;
  readonly limits: SessionLimits;

  /** @param random good enough for keys: of the operating system, where there is something to protect */
  constructor(store: ChatStore, random: Random, now: () => number, limits: SessionLimits = DEFAULT_SESSION_LIMITS) {
    this.#store = store;
    this.#random = random;
    this.#now = now;
    this.limits = limits;
  }

  /** A session of somebody new under a name that they chose. */
  guest(name: string): Session {
    return this.#begin({ user: toHex(this.#random.fill(new Uint8Array(USER_BYTES))), name, registered: false });
  }

  /**
   * A session of a registered name, under a new token: what was in the cookie before means nothing any more, lest somebody put
   * it there.
   */
  signIn(user: string, name: string, before: string | undefined): Session {
    if (before !== undefined) this.drop(before);
    return this.#begin({ user, name, registered: true });
  }

  /** The session of a cookie; undefined when there is none, or it has ended. */
  find(token: string | undefined): Session | undefined {
    if (token === undefined || !/^[0-9a-f]{64}$/.test(token)) return undefined;
    const digest = digestOf(token);
    const record = this.#store.session(digest);
    if (record === undefined) return undefined;
    const now = this.#now();
    if (now - record.seen > this.limits.idle || now - record.created > this.limits.absolute) {
      this.#store.dropSession(digest);
      return undefined;
    }
    if (now - record.seen > Math.min(SEEN_STEP, this.limits.idle / 2))
      this.#store.putSession(digest, { ...record, seen: now });
    return { ...record, token };
  }

  /** Whether a session is there still; to ask that is no use of it. */
  lives(token: string): boolean {
    return this.#store.session(digestOf(token)) !== undefined;
  }

  /** Their name has changed. */
  rename({ token, ...record }: Session, name: string): void {
    this.#store.putSession(digestOf(token), { ...record, name });
  }

  drop(token: string): void {
    this.#store.dropSession(digestOf(token));
  }

  /** Forgets those that have ended. */
  expire(): void {
    const now = this.#now();
    this.#store.expireSessions(now - this.limits.absolute, now - this.limits.idle);
  }

  #begin(who: Pick<SessionRecord, "user" | "name" | "registered">): Session {
    const token = toHex(this.#random.fill(new Uint8Array(TOKEN_BYTES)));
    const now = this.#now();
    const record = { ...who, created: now, seen: now };
    this.#store.putSession(digestOf(token), record);
    return { ...record, token };
  }
}

const digestOf = (token: string): string => toHex(sha256(new TextEncoder().encode(token)));
