import { parseIp } from "../../../address/ip.ts";
import { parseSetCookie, type SetCookie } from "./set-cookie.ts";

/** Cookies that a jar keeps of one domain, and of all (RFC 6265 §6.1). */
export const COOKIES_PER_DOMAIN = 50;
export const COOKIES_LIMIT = 3000;
/** No cookie stays longer, however long it asks for: 400 days, in seconds (RFC 6265bis §5.5). */
export const LONGEST_AGE = 400 * 86_400;

/** One cookie as it is kept (RFC 6265 §5.3). */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** In lower case, without a leading dot. */
  readonly domain: string;
  readonly path: string;
  /** Sent to that host alone, and to no host under it. */
  readonly hostOnly: boolean;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: string | undefined;
  /** Milliseconds since 1970; undefined for one that ends with the session. */
  readonly expires: number | undefined;
}

/** Why a jar did not keep a cookie. */
export type CookieRefusal =
  /** It is none (RFC 6265 §5.2), too long, or has control characters. */
  | "malformed"
  /** Its Domain is not the host's, or is a public suffix. */
  | "domain"
  /** It is Secure, and came without TLS; or one that is Secure would be hidden by it. */
  | "secure"
  /** Its name begins with `__Secure-` or `__Host-` and it is not so. */
  | "prefix";

/** As much of a URL as cookies ask for; the platform's is one. */
export interface CookieUrl {
  readonly protocol: string;
  readonly hostname: string;
  readonly pathname: string;
}

export interface CookieJarOptions {
  /** The date: cookies end by it. */
  readonly clock: { date(): Date };
  /**
   * Whether names under this one belong to different people, as under `"co.uk"`: nobody may set a cookie for it. Unless
   * given, that is any name without a dot.
   */
  readonly isPublicSuffix?: ((domain: string) => boolean) | undefined;
}

interface Kept extends Cookie {
  /** What orders cookies of equal paths: when the name first came. */
  readonly created: number;
  used: number;
}

/** The cookies of a user agent (RFC 6265 §5.3 and §5.4). */
export class CookieJar {
  readonly #clock: CookieJarOptions["clock"];
  readonly #isPublicSuffix: (domain: string) => boolean;
  /** By domain, then by name and path. */
  readonly #domains = new Map<string, Map<string, Kept>>();
  #count = 0;
  /** Counts what happens, since all of it may happen at one instant. */
  #events = 0;

  constructor({ clock, isPublicSuffix = (domain) => !domain.includes(".") }: CookieJarOptions) {
    this.#clock = clock;
    this.#isPublicSuffix = isPublicSuffix;
  }

  /** How many there are, those that have expired and were not yet looked at included. */
  get size(): number {
    return this.#count;
  }

  /**
   * Takes the value of a Set-Cookie field.
   * @param url of the request that it answers
   * @returns why it is not kept, or undefined
   */
  store(text: string, url: CookieUrl): CookieRefusal | undefined {
    const parsed = parseSetCookie(text);
    if (parsed === undefined) return "malformed";
    const host = canonical(url.hostname);
    const scope = this.#scope(parsed, host);
    if (scope === undefined) return "domain";
    const path = parsed.path ?? defaultPath(url.pathname);
    const secureUrl = isSecure(url);
    if (parsed.secure && !secureUrl) return "secure"; // RFC 6265bis §5.7 step 8
    if (lacksPrefix(parsed, scope.hostOnly, path)) return "prefix";
    if (!parsed.secure && !secureUrl && this.#hidesSecure(parsed.name, scope.domain, path)) return "secure";
    const { name, value, secure, httpOnly, sameSite } = parsed;
    this.add({ name, value, ...scope, path, secure, httpOnly, sameSite, expires: this.#expiry(parsed) });
    return undefined;
  }

  /** Keeps a cookie as it is, in place of one of the same name, domain and path: as when a jar is read from a file. */
  add(cookie: Cookie): void {
    const { domain } = cookie;
    const key = keyOf(cookie);
    const before = this.#domains.get(domain)?.get(key);
    if (before !== undefined) this.#remove(before);
    if (this.#isOver(cookie)) return; // one of the past is how a server takes a cookie back
    const own = this.#domains.get(domain) ?? new Map<string, Kept>();
    this.#domains.set(domain, own);
    own.set(key, { ...cookie, created: before?.created ?? ++this.#events, used: ++this.#events });
    this.#count++;
    if (own.size > COOKIES_PER_DOMAIN) this.#evict(own.values());
    if (this.#count > COOKIES_LIMIT) this.#evict(this.#all());
  }

  /** The cookies to send with a request, those of longer paths first, then the older (RFC 6265 §5.4). */
  cookiesFor(url: CookieUrl): Cookie[] {
    if (this.#count === 0) return [];
    const host = canonical(url.hostname);
    const found: Kept[] = [];
    for (let domain = host; ; ) {
      for (const cookie of [...(this.#domains.get(domain)?.values() ?? [])]) {
        if (this.#isOver(cookie)) this.#remove(cookie);
        else if (fits(cookie, host, url)) found.push(cookie);
      }
      const dot = domain.indexOf(".");
      if (dot < 0 || parseIp(host) !== undefined) break;
      domain = domain.slice(dot + 1);
    }
    for (const cookie of found) cookie.used = ++this.#events;
    return found.sort((a, b) => b.path.length - a.path.length || a.created - b.created);
  }

  /** The value of the Cookie field for a request; empty where there are none. */
  header(url: CookieUrl): string {
    return this.cookiesFor(url)
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  }

  /** All that have not expired, in the order in which they came. */
  *[Symbol.iterator](): IterableIterator<Cookie> {
    const all = [...this.#all()].filter((cookie) => !this.#isOver(cookie));
    for (const { created: _created, used: _used, ...cookie } of all.sort((a, b) => a.created - b.created)) yield cookie;
  }

  clear(): void {
    this.#domains.clear();
    this.#count = 0;
  }

  /** RFC 6265 §5.3, steps 4 to 6. @returns undefined when it may not be kept */
  #scope({ domain }: SetCookie, host: string): Pick<Cookie, "domain" | "hostOnly"> | undefined {
    if (domain === undefined) return { domain: host, hostOnly: true };
    const own = canonical(domain);
    if (this.#isPublicSuffix(own.replace(/\.$/, "")))
      return own === host ? { domain: host, hostOnly: true } : undefined;
    return domainMatches(host, own) ? { domain: own, hostOnly: false } : undefined;
  }

  /** A cookie from plain HTTP may not stand before one that TLS has protected (RFC 6265bis §5.7, "leave secure cookies alone"). */
  #hidesSecure(name: string, domain: string, path: string): boolean {
    for (const cookie of this.#all()) {
      if (!cookie.secure || cookie.name !== name || this.#isOver(cookie)) continue;
      const related = domainMatches(domain, cookie.domain) || domainMatches(cookie.domain, domain);
      if (related && pathMatches(path, cookie.path)) return true;
    }
    return false;
  }

  #expiry({ maxAge, expires }: SetCookie): number | undefined {
    const now = this.#clock.date().getTime();
    const latest = now + LONGEST_AGE * 1000;
    if (maxAge !== undefined) return maxAge <= 0 ? Number.NEGATIVE_INFINITY : Math.min(now + maxAge * 1000, latest);
    return expires === undefined ? undefined : Math.min(expires, latest);
  }

  #isOver({ expires }: Cookie): boolean {
    return expires !== undefined && expires <= this.#clock.date().getTime();
  }

  *#all(): IterableIterator<Kept> {
    for (const own of this.#domains.values()) yield* own.values();
  }

  #remove(cookie: Cookie): void {
    const own = this.#domains.get(cookie.domain);
    if (own?.delete(keyOf(cookie))) this.#count--;
    if (own?.size === 0) this.#domains.delete(cookie.domain);
  }

  /** Those that have expired; where none has, the one not used for longest (RFC 6265 §5.3). */
  #evict(among: Iterable<Kept>): void {
    const all = [...among];
    const over = all.filter((cookie) => this.#isOver(cookie));
    const oldest = all.reduce((a, b) => (b.used < a.used ? b : a));
    for (const cookie of over.length > 0 ? over : [oldest]) this.#remove(cookie);
  }
}

const keyOf = ({ name, path }: Cookie): string => `${name}=${path}`;
const isSecure = ({ protocol }: CookieUrl): boolean => protocol === "https:" || protocol === "wss:";
const canonical = (host: string): string => host.toLowerCase();

/** RFC 6265 §5.1.3. */
function domainMatches(host: string, domain: string): boolean {
  if (host === domain) return true;
  return domain !== "" && host.endsWith(`.${domain}`) && parseIp(host) === undefined;
}

/** RFC 6265 §5.1.4. */
export function pathMatches(path: string, of: string): boolean {
  if (!path.startsWith(of)) return false;
  return path.length === of.length || of.endsWith("/") || path[of.length] === "/";
}

/** The folder of a URL's path (RFC 6265 §5.1.4). */
export function defaultPath(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 || !path.startsWith("/") ? "/" : path.slice(0, slash);
}

function fits(cookie: Cookie, host: string, url: CookieUrl): boolean {
  if (cookie.hostOnly ? host !== cookie.domain : !domainMatches(host, cookie.domain)) return false;
  return pathMatches(url.pathname, cookie.path) && (!cookie.secure || isSecure(url));
}

/** RFC 6265bis §4.1.3: what the name promises must hold. */
function lacksPrefix({ name, secure }: SetCookie, hostOnly: boolean, path: string): boolean {
  const lower = name.toLowerCase();
  if (lower.startsWith("__secure-")) return !secure;
  return lower.startsWith("__host-") && !(secure && hostOnly && path === "/");
}
