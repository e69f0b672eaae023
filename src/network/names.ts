import { parseEndpoint, type SocketAddress } from "../address/endpoint.ts";
import { formatIp, parseIp } from "../address/ip.ts";
import { DNS_PORT } from "../application/dns/message.ts";
import { formatName, type Name, name } from "../application/dns/name.ts";
import { Hosts } from "../application/dns/resolver/hosts.ts";
import { Resolver, type ResolverSnapshot } from "../application/dns/resolver/resolver.ts";
import type { Random } from "../base/random.ts";
import type { Host } from "../device/host.ts";
import type { Sockets } from "../socket/socket.ts";
import { VirtualSockets } from "../socket/virtual.ts";
import type { Scheduler } from "../time/scheduler.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** How hosts find addresses of names. */
export interface NamesOptions {
  /** Addresses of name servers, with a port where it is not 53: `"10.0.0.53"`. They are asked in this order. */
  readonly nameServers?: readonly string[];
  /** Domains in which a name of one label is looked for. */
  readonly search?: readonly string[];
  /** Names with their addresses, which are known without asking: a hosts file. */
  readonly hosts?: Readonly<Record<string, string | readonly string[]>>;
}

export interface NamesSnapshot extends ResolverSnapshot {
  readonly host: string;
}

export interface NetworkNamesOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly epoch: number;
  /** For hosts that say no other. */
  readonly names: NamesOptions;
}

/** The resolvers of a network's hosts: one for each, shared by its programs, made when the first of them starts. */
export class NetworkNames {
  readonly #options: NetworkNamesOptions;
  #names: NamesOptions;
  #common: Hosts;
  /** Hosts by their names in small letters, under which each knows all others. */
  readonly #byName = new Map<string, Host>();
  readonly #own = new Map<Host, NamesOptions>();
  readonly #resolvers = new Map<Host, Resolver>();

  /** @throws RangeError for what is no name or address */
  constructor(options: NetworkNamesOptions) {
    this.#options = options;
    this.#names = options.names;
    this.#common = hostsOf(options.names);
    check(options.names);
  }

  /** @throws RangeError for what is no name or address */
  add(host: Host, own: NamesOptions): void {
    check(own);
    this.#own.set(host, own);
    const key = host.name.toLowerCase();
    if (!this.#byName.has(key)) this.#byName.set(key, host);
  }

  /** A host is no more: nobody finds it by its name. */
  remove(host: Host): void {
    this.#own.delete(host);
    this.#resolvers.delete(host);
    const key = host.name.toLowerCase();
    if (this.#byName.get(key) === host) this.#byName.delete(key);
  }

  /**
   * Changes how a host finds addresses, or all that say no other. Programs that run keep their resolver, of which only the servers
   * change; those that start have a new one.
   * @throws RangeError for what is no name or address
   */
  change(names: NamesOptions, host?: Host): void {
    check(names);
    if (host !== undefined) this.#own.set(host, names);
    else {
      this.#names = names;
      this.#common = hostsOf(names);
    }
    for (const [each, resolver] of [...this.#resolvers]) {
      if (host !== undefined && host !== each) continue;
      const own = this.#own.get(each) ?? {};
      resolver.servers = serversOf(own.nameServers === undefined ? this.#names : own);
      this.#resolvers.delete(each);
    }
  }

  /** The resolver of a host. */
  of(host: Host): Resolver {
    const there = this.#resolvers.get(host);
    if (there !== undefined) return there;
    const { scheduler, random, epoch } = this.#options;
    const names = this.#names;
    const own = this.#own.get(host) ?? {};
    const file = hostsOf(own);
    const resolver = new Resolver({
      sockets: socketsOf(host, scheduler),
      clock: new VirtualClock(scheduler, epoch, `clock of ${host.name}'s resolver`),
      random: random.stream(`resolver of ${host.name}`),
      servers: serversOf(own.nameServers === undefined ? names : own),
      search: own.search ?? names.search ?? [],
      hosts: (asked) => file.find(asked) ?? this.#common.find(asked) ?? this.#deviceAddress(asked),
    });
    this.#resolvers.set(host, resolver);
    return resolver;
  }

  /** The first address of the device of a name: as if all stood in everybody's hosts file. */
  #deviceAddress(asked: Name): string[] | undefined {
    const host = this.#byName.get(formatName(asked).slice(0, -1).toLowerCase());
    const first = host?.internet.interfaces.all.find(
      ({ nic, addresses }) => nic !== host.loopback && addresses.length > 0,
    )?.addresses[0];
    return first === undefined ? undefined : [formatIp(first.address)];
  }

  /** Of the hosts that have asked name servers. */
  snapshot(): NamesSnapshot[] {
    const all = [...this.#resolvers].map(([host, resolver]) => ({ host: host.name, ...resolver.snapshot() }));
    return all.filter(({ counters }) => counters.hits + counters.asked > 0);
  }
}

/** Sockets that are made when they are used: they have buffers, and most hosts never ask for a name. */
function socketsOf({ tcp, udp }: Host, scheduler: Scheduler): Sockets {
  let made: VirtualSockets | undefined;
  return {
    socket: (family, type, protocol) => {
      made ??= new VirtualSockets({ tcp, udp, scheduler });
      return made.socket(family, type, protocol);
    },
  };
}

/** So that what is wrong is told when the host is made, and not when it asks. */
function check(options: NamesOptions): void {
  serversOf(options);
  hostsOf(options);
  for (const domain of options.search ?? []) name(domain);
}

function serversOf({ nameServers = [] }: NamesOptions): SocketAddress[] {
  return nameServers.map((text) => {
    const parsed = parseEndpoint(text.includes(":") ? text : `${text}:${DNS_PORT}`);
    if (parsed === undefined) throw new RangeError(`not the address of a name server: ${text}`);
    return { address: formatIp(parsed.address), port: parsed.port };
  });
}

function hostsOf({ hosts = {} }: NamesOptions): Hosts {
  for (const address of Object.values(hosts).flat()) {
    if (parseIp(address) === undefined) throw new RangeError(`not an address: ${address}`);
  }
  return new Hosts(hosts);
}
