import type { SocketAddress } from "../../../address/endpoint.ts";
import { parseIp } from "../../../address/ip.ts";
import { NameError, type Names } from "../../../socket/names.ts";
import { type CallOptions, SocketError } from "../../../socket/socket.ts";
import type { Duration } from "../../../time/instant.ts";
import type { QueryType } from "../codes.ts";
import { parseIpv6 } from "../ipv6-text.ts";
import { formatName, isAbsolute, isWithin, keyOf, labelCount, type Name, name, parseName, ROOT } from "../name.ts";
import type { Question, RecordWith, ResourceRecord } from "../record.ts";
import { CACHE_LIMIT, Cache, type CacheEntrySnapshot, type Finding } from "./cache.ts";
import { ANSWER_TIME, type ExchangeParts, exchange } from "./exchange.ts";
import { ALIAS_LIMIT, findingsOf, type NamedFinding } from "./findings.ts";

/** How often all servers are tried, one after the other; as Linux's resolver. */
export const ATTEMPTS = 2;
/** Questions that are asked at once; one more fails with EAI_AGAIN. */
export const ASKING_LIMIT = 256;

/** Names under which every host finds itself (RFC 6761 §6.3). */
const LOCALHOST = name("localhost.");
const LOOPBACK_ADDRESS = "127.0.0.1";

export interface ResolverOptions extends ExchangeParts {
  readonly servers: readonly SocketAddress[];
  /** Domains in which a name of one label is looked for, before the root's. */
  readonly search?: readonly string[];
  /** Addresses that are known without asking. */
  readonly hosts?: (name: Name) => readonly string[] | undefined;
  /** How long a server has for its answer; 5 s unless given. */
  readonly timeout?: Duration;
  /** How often all servers are tried; 2 unless given. */
  readonly attempts?: number;
  /** Entries of the cache; 1,000 unless given. */
  readonly cacheLimit?: number;
}

/** What is known about a name and a type. */
export interface Answer {
  /** NXDOMAIN: there is no such name, of any type. */
  readonly rcode: "NOERROR" | "NXDOMAIN";
  /** Aliases first, then the records asked for. Without those there are none of that type. TTLs are what is left of them. */
  readonly records: readonly ResourceRecord[];
  /** The name at the end of the aliases. */
  readonly name: Name;
  /** Who says that there is none, where it is known. */
  readonly authority: RecordWith<"SOA"> | undefined;
}

export interface ResolverSnapshot {
  readonly servers: readonly SocketAddress[];
  readonly cache: readonly CacheEntrySnapshot[];
  /** Questions that are being asked: `"www.example.test. A"`. */
  readonly asking: readonly string[];
  readonly counters: Readonly<Record<"hits" | "asked" | "retries" | "failed", number>>;
}

/**
 * A stub resolver (RFC 1034 §5.3.1): asks name servers for a host, and keeps what they say for as long as they allow. All
 * programs of a host share one; a question that several ask at a time is asked once.
 */
export class Resolver implements Names {
  /** Asked in this order; without any, only addresses and hosts are known. */
  servers: readonly SocketAddress[];
  readonly counters = { hits: 0, asked: 0, retries: 0, failed: 0 };
  readonly #options: ResolverOptions;
  readonly #search: readonly Name[];
  readonly #cache: Cache;
  readonly #asking = new Map<string, Promise<NamedFinding[] | undefined>>();

  /** @throws RangeError for a search domain that is no name */
  constructor(options: ResolverOptions) {
    this.#options = options;
    this.servers = options.servers;
    this.#search = (options.search ?? []).map(name);
    this.#cache = new Cache(() => options.clock.now(), options.cacheLimit ?? CACHE_LIMIT);
  }

  async lookup(hostname: string, options: CallOptions = {}): Promise<readonly string[]> {
    options.signal?.throwIfAborted();
    if (parseIp(hostname) !== undefined) return [hostname];
    if (parseIpv6(hostname) !== undefined) throw new NameError("ENOTFOUND", hostname); // of the family that is not there
    const given = parseName(hostname);
    if (given === undefined || given === ROOT) throw new NameError("EINVAL", hostname);
    const known = isWithin(given, LOCALHOST) ? [LOOPBACK_ADDRESS] : this.#options.hosts?.(given);
    if (known !== undefined && known.length > 0) return known;
    if (this.servers.length === 0) throw new NameError("ENOTFOUND", hostname);
    for (const candidate of this.#candidates(hostname, given)) {
      const { records } = await this.#query(candidate, hostname, "A", options.signal);
      const addresses = records.flatMap((record) => (record.type === "A" ? [record.data.address] : []));
      if (addresses.length > 0) return addresses;
    }
    throw new NameError("ENOTFOUND", hostname);
  }

  /** A name of one label without a dot behind it is looked for in the search domains first. */
  #candidates(hostname: string, given: Name): Name[] {
    if (labelCount(given) > 1 || isAbsolute(hostname)) return [given];
    const searched = this.#search.flatMap((domain) => parseName(hostname, domain) ?? []);
    return [...searched, given];
  }

  /**
   * The records of a type under a name, from the cache or a name server; aliases are followed.
   * @param text a whole name, for which the search domains do not count: `"www.example.test"`
   * @param type `"MX"`, `"PTR"` or `"ANY"` for one
   * @throws NameError EAI_AGAIN when no server has answered or a chain of aliases does not end, EINVAL for what is no name;
   *   the signal's reason when it aborts
   */
  query(text: string, type: QueryType, { signal }: CallOptions = {}): Promise<Answer> {
    const queried = parseName(text);
    if (queried === undefined) return Promise.reject(new NameError("EINVAL", text));
    return this.#query(queried, text, type, signal);
  }

  /** @param written what the caller wrote, for errors */
  async #query(first: Name, written: string, type: QueryType, signal: AbortSignal | undefined): Promise<Answer> {
    signal?.throwIfAborted();
    const fresh: NamedFinding[] = [];
    const aliases: ResourceRecord[] = [];
    for (let at = first; aliases.length <= ALIAS_LIMIT; ) {
      const finding = this.#find(fresh, at, type);
      if (finding === undefined) {
        const found = await abortable(this.#ask({ name: at, type, class: "IN" }), signal);
        if (found === undefined) break;
        fresh.push(...found);
        continue;
      }
      const alias = aliasOf(finding, type);
      if (alias !== undefined) {
        aliases.push(alias);
        at = alias.data.target;
      } else if (finding.kind === "records") {
        return { rcode: "NOERROR", records: [...aliases, ...finding.records], name: at, authority: undefined };
      } else {
        const rcode = finding.kind === "no-name" ? "NXDOMAIN" : "NOERROR";
        return { rcode, records: aliases, name: at, authority: finding.authority };
      }
    }
    throw new NameError("EAI_AGAIN", written);
  }

  /** What the answers of this query said, which may not be kept, comes before the cache. */
  #find(fresh: readonly NamedFinding[], at: Name, type: QueryType): Finding | undefined {
    const isAbout = (each: NamedFinding, wanted: QueryType): boolean =>
      each.type === wanted && keyOf(each.name) === keyOf(at);
    const own = fresh.find((each) => isAbout(each, type)) ?? fresh.find((each) => isAbout(each, "CNAME"));
    const kept = own?.finding ?? this.#cache.find(at, type) ?? this.#keptAlias(at, type);
    if (own === undefined && kept !== undefined) this.counters.hits++;
    return kept;
  }

  /** That there is no alias says nothing of other types. */
  #keptAlias(at: Name, type: QueryType): Finding | undefined {
    const kept = type === "ANY" ? undefined : this.#cache.find(at, "CNAME");
    return kept?.kind === "no-data" ? undefined : kept;
  }

  /** Asks the servers, unless that is being done already. @returns undefined when none has told anything */
  #ask(question: Question): Promise<NamedFinding[] | undefined> {
    const key = `${formatName(keyOf(question.name))} ${question.type}`;
    const asking = this.#asking.get(key);
    if (asking !== undefined) return asking;
    if (this.#asking.size >= ASKING_LIMIT) return Promise.resolve(undefined);
    const asked = this.#askServers(question).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asked);
    return asked;
  }

  async #askServers(question: Question): Promise<NamedFinding[] | undefined> {
    const { attempts = ATTEMPTS, timeout = ANSWER_TIME } = this.#options;
    this.counters.asked++;
    for (let attempt = 0; attempt < attempts; attempt++) {
      for (const [index, server] of this.servers.entries()) {
        if (attempt + index > 0) this.counters.retries++;
        const found = await this.#askServer(question, server, timeout);
        if (found === undefined) continue;
        for (const { name: at, type, finding } of found) this.#cache.add(at, type, finding);
        return found;
      }
    }
    this.counters.failed++;
    return undefined;
  }

  /** @returns undefined when it does not answer, cannot, or will not: another may */
  async #askServer(question: Question, server: SocketAddress, timeout: Duration): Promise<NamedFinding[] | undefined> {
    try {
      return findingsOf(await exchange(this.#options, question, server, { timeout }), question);
    } catch (error) {
      if (error instanceof SocketError) return undefined;
      throw error;
    }
  }

  /** Forgets all that it has been told. */
  clear(): void {
    this.#cache.clear();
  }

  snapshot(): ResolverSnapshot {
    return {
      servers: this.servers,
      cache: this.#cache.snapshot(),
      asking: [...this.#asking.keys()],
      counters: { ...this.counters },
    };
  }
}

function aliasOf(finding: Finding, type: QueryType): RecordWith<"CNAME"> | undefined {
  if (finding.kind !== "records" || type === "CNAME" || type === "ANY") return undefined;
  return finding.records.find((record) => record.type === "CNAME");
}

/** The promise's outcome, or the signal's reason when that comes first. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
