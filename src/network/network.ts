import type { SocketAddress } from "../address/endpoint.ts";
import { parseIp } from "../address/ip.ts";
import { type MacAddress, parseMac } from "../address/mac.ts";
import { parsePrefix } from "../address/prefix.ts";
import type { Compression } from "../application/compression.ts";
import { formatMessage, type Program } from "../application/program.ts";
import { Random } from "../base/random.ts";
import type { Device, DeviceSnapshot } from "../device/device.ts";
import { Host } from "../device/host.ts";
import { Hub } from "../device/hub.ts";
import { Switch } from "../device/switch.ts";
import { Cable, type CableSnapshot } from "../link/cable.ts";
import type { Nic } from "../link/nic.ts";
import type { Tap } from "../link/tap.ts";
import { PacketPool } from "../packet/packet-pool.ts";
import { type Instant, milliseconds } from "../time/instant.ts";
import { Scheduler } from "../time/scheduler.ts";
import type { CongestionControlName } from "../transport/tcp/congestion/choose.ts";
import type { TcpSettings } from "../transport/tcp/settings.ts";
import { type ConditionsWritten, conditionsOf, type DurationWritten, durationOf } from "./conditions.ts";
import { DatagramDoor } from "./doors/datagram-door.ts";
import { FrameDoor } from "./doors/frame-door.ts";
import { PUBLISH_MESSAGES, type PublishLog, type PublishSnapshot } from "./doors/publish.ts";
import { StreamDoor } from "./doors/stream-door.ts";
import { type FaultWritten, faultOf } from "./fault-written.ts";
import { Faults } from "./faults.ts";
import { Inputs } from "./input-log.ts";
import { Launcher } from "./launcher.ts";
import { type NamesOptions, type NamesSnapshot, NetworkNames } from "./names.ts";
import { type OffloadWritten, offloadOf } from "./offload-written.ts";
import { type LogLine, Programs, type RunningProgram } from "./programs.ts";
import { LimitedScripts, type ScriptMaker } from "./script-maker.ts";
import type { TlsMaker } from "./tls-maker.ts";
import { DEFAULT_EPOCH } from "./virtual-clock.ts";
import { Works } from "./work.ts";

/** MAC addresses are numbered from here on, with the bit of locally administered ones (IEEE 802 §8.4). */
const FIRST_MAC = 0x020000000001;
/** A network's name moves its first address on by a multiple of this, so that two that are joined do not share one. */
const MACS_PER_NETWORK = 2 ** 16;

export interface NetworkOptions extends NamesOptions {
  /** Tells networks apart that are joined by doors: MAC addresses differ by it. */
  readonly name?: string;
  /** Of all chance; 1 unless given. */
  readonly seed?: number;
  /** The date at virtual 0, in milliseconds since 1970 or as a Date; 2026-01-01T00:00:00Z unless given. */
  readonly epoch?: number | Date;
  /** For hosts that say no other. */
  readonly tcp?: Partial<TcpSettings>;
  /** For programs that compress; none unless given. */
  readonly compression?: Compression | undefined;
  /** What programs are given to cipher with; nothing unless given. */
  readonly tls?: TlsMaker | undefined;
  /** What runs scripts; nothing unless given. */
  readonly scripts?: ScriptMaker | undefined;
}

export interface InterfaceOptions {
  /** Such as `"10.0.0.1/24"`, or several. */
  readonly address?: string | readonly string[];
  /** 1500 unless given. */
  readonly mtu?: number;
  /** The next free one unless given. */
  readonly mac?: string;
}

export interface RouteOptions {
  /** `"10.1.0.0/16"` */
  readonly to: string;
  /** The gateway. */
  readonly via: string;
  /** Of the connections that go by it, in place of the host's. */
  readonly congestionControl?: CongestionControlName | undefined;
}

export interface HostOptions extends InterfaceOptions, NamesOptions {
  /** More than one interface, by name; without it the host's one interface is `eth0`. */
  readonly interfaces?: Readonly<Record<string, string | InterfaceOptions>>;
  /** Where packets go for which there is no other route. */
  readonly gateway?: string;
  readonly routes?: readonly RouteOptions[];
  readonly tcp?: Partial<TcpSettings>;
}

/** One end of a cable: a Nic, or a device, whose first free one is taken, or either by name, such as `"r1.eth1"`. */
export type CableEndWritten = Nic | Device | string;

export interface NetworkSnapshot {
  readonly now: Instant;
  readonly seed: number;
  readonly devices: readonly DeviceSnapshot[];
  /** Each at its index, those that are gone included. */
  readonly cables: readonly CableSnapshot[];
  readonly programs: readonly ReturnType<RunningProgram["snapshot"]>[];
  readonly published: readonly PublishSnapshot[];
  /** What the resolvers of hosts know, of those that were asked. */
  readonly names: readonly NamesSnapshot[];
  readonly packets: number;
}

/**
 * A network of devices and cables, in virtual time. It is built by its methods, or by `build` from a document, and run by a
 * `RunLoop`; the same seed, the same steps of building and the same inputs give the same run.
 */
export class Network {
  readonly seed: number;
  /** The date at virtual 0, in milliseconds since 1970. */
  readonly epoch: number;
  readonly scheduler = new Scheduler();
  readonly pool = new PacketPool();
  readonly random: Random;
  /** Where everything from outside comes in. */
  readonly inputs = new Inputs(this.scheduler);
  /** What programs wait for outside the network. */
  readonly works = new Works(this.scheduler, this.inputs);
  /** How its hosts find the addresses of names. */
  readonly names: NetworkNames;
  readonly programs: Programs;
  /** Starts and ends programs from outside. */
  readonly launcher = new Launcher(this);
  readonly faults = new Faults(this.scheduler);
  /** Of hosts that say no other, and are made from now on. */
  tcp: Partial<TcpSettings>;
  readonly #devices = new Map<string, Device>();
  /** All that there ever were, each at its index, and those that there are. */
  readonly #allCables: Cable[] = [];
  readonly #cables: Cable[] = [];
  readonly #nics: Nic[] = [];
  /** The MAC addresses that were drawn, by the Nic's whole name: what comes back has its own again. */
  readonly #macs = new Map<string, MacAddress>();
  /** Ports of hubs and switches that have had a cable: another cable gets one of its own, as long as it does not ask for one. */
  readonly #used = new Set<Nic>();
  readonly #published = new Map<string, StreamDoor | DatagramDoor>();
  readonly #cabled = new Set<Nic>();
  readonly #taps = new Set<Tap>();
  readonly #onRemoved = new Set<(device: Device) => void>();
  #nextMac: number;

  constructor(options: NetworkOptions = {}) {
    this.seed = options.seed ?? 1;
    this.epoch = Number(options.epoch ?? DEFAULT_EPOCH);
    this.random = new Random(this.seed);
    const { name = "" } = options;
    this.#nextMac = FIRST_MAC + (name === "" ? 0 : new Random(0, name).below(2 ** 24) * MACS_PER_NETWORK);
    this.tcp = options.tcp ?? {};
    const { scheduler, random, epoch, works } = this;
    this.names = new NetworkNames({ scheduler, random, epoch, names: options });
    const names = (host: Host) => this.names.of(host);
    const { compression, tls } = options;
    const scripts = options.scripts && new LimitedScripts(options.scripts);
    const overdue = ({ name }: RunningProgram): boolean => this.launcher.kill(name);
    this.programs = new Programs({ scheduler, random, epoch, works, names, compression, tls, scripts, overdue });
  }

  get now(): Instant {
    return this.scheduler.now;
  }

  /** By name, in the order in which they were made. */
  get devices(): ReadonlyMap<string, Device> {
    return this.#devices;
  }

  /** In the order of their making. */
  get cables(): readonly Cable[] {
    return this.#cables;
  }

  /** Every cable that there ever was; each stands at its `index`. */
  get allCables(): readonly Cable[] {
    return this.#allCables;
  }

  /** Every Nic that there ever was, loopback ones included; each stands at its `index`. */
  get nics(): readonly Nic[] {
    return this.#nics;
  }

  /** @throws RangeError for a name that is taken, or an address that is not one */
  host(name: string, options: HostOptions = {}): Host {
    return this.#host(name, options, false);
  }

  /** A host that forwards. */
  router(name: string, options: HostOptions = {}): Host {
    return this.#host(name, options, true);
  }

  /** A hub, with as many ports as cables are plugged in unless told. */
  hub(name: string, ports = 0): Hub {
    const { scheduler, pool } = this;
    return this.#add(new Hub({ name: this.#free(name), scheduler, pool, ports }));
  }

  /** A switch, with as many ports as cables are plugged in unless told. */
  switch(name: string, ports = 0): Switch {
    const { scheduler, pool } = this;
    return this.#add(new Switch({ name: this.#free(name), scheduler, pool, ports }));
  }

  /** The end of a cable that leads out of the network: to a tunnel or a stream. */
  frameDoor(name: string): FrameDoor {
    const { scheduler, pool, inputs } = this;
    return this.#add(new FrameDoor({ name: this.#free(name), scheduler, pool, inputs }));
  }

  /** The virtual halves of published ports, by name. */
  get published(): ReadonlyMap<string, StreamDoor | DatagramDoor> {
    return this.#published;
  }

  /**
   * The virtual half of a published port: what comes in at it goes from one host to a port of another.
   * @param from where real clients enter @throws RangeError for a name that is taken, or what is not there
   */
  publish(name: string, protocol: "tcp" | "udp", from: Host | string, to: SocketAddress): StreamDoor | DatagramDoor {
    const { inputs, scheduler } = this;
    const host = this.#hostOf(from);
    const address = parseIp(to.address);
    if (address === undefined) throw new RangeError(`not an address: ${to.address}`);
    if (this.#published.has(name)) throw new RangeError(`there is a published port ${name} already`);
    const log: PublishLog = (code, parameters) => {
      const text = formatMessage(PUBLISH_MESSAGES, code, parameters);
      this.programs.log({ at: this.now, host: host.name, program: name, code, parameters, text });
    };
    const options = { name, host, to: { address, port: to.port }, inputs, log };
    const door = protocol === "tcp" ? new StreamDoor(options) : new DatagramDoor({ ...options, scheduler });
    this.#published.set(name, door);
    return door;
  }

  /**
   * Joins two ends. Conditions hold both ways; more of them for one way are set on the cable.
   * @throws RangeError for an end that is not there or has a cable already
   */
  cable(
    a: CableEndWritten,
    b: CableEndWritten,
    conditions: ConditionsWritten & { readonly queue?: number; readonly offload?: OffloadWritten } = {},
  ): Cable {
    const { scheduler, pool, random } = this;
    const { queue, offload = false, ...written } = conditions;
    const options = {
      ...conditionsOf(written),
      offload: offloadOf(offload),
      ...(queue === undefined ? {} : { queue }),
    };
    const ends = [this.#end(a), this.#end(b)] as const;
    if (ends[0] === ends[1]) throw new RangeError(`${ends[0].fullName} cannot be both ends of a cable`);
    const cable = new Cable(...ends, { scheduler, pool, random, ...options });
    cable.index = this.#allCables.length;
    this.#allCables.push(cable);
    this.#cables.push(cable);
    for (const nic of ends) {
      this.#cabled.add(nic);
      this.#used.add(nic);
    }
    return cable;
  }

  /**
   * Does something to a cable at a time: `{ cable: ["pc1", "hub"], at: "10s", for: "2s", do: "cut" }`.
   * @returns a function that takes it back @throws RangeError for a cable that is not there
   */
  fault(written: FaultWritten): () => void {
    return this.faults.add(faultOf(written, this.#cables));
  }

  /**
   * Starts a program on a host.
   * @param at how long from now; at once unless told
   * @throws RangeError when a parameter without a default is missing
   */
  start<Parameters extends object>(
    host: Host | string,
    program: Program<Parameters>,
    parameters: Partial<Parameters> = {},
    at: DurationWritten = milliseconds(0),
  ): RunningProgram {
    return this.programs.start(this.#hostOf(host), program, parameters, durationOf(at));
  }

  /** Calls back with every line that a program or a published port logs. @returns a function that ends that */
  onLog(listener: (line: LogLine) => void): () => void {
    return this.programs.onLog(listener);
  }

  /** Shows a tap what every Nic sees, those still to come included. Looking changes nothing. */
  addTap(tap: Tap): void {
    this.#taps.add(tap);
    for (const nic of this.#nics) if (!nic.gone) nic.addTap(tap);
  }

  removeTap(tap: Tap): void {
    this.#taps.delete(tap);
    for (const nic of this.#nics) nic.removeTap(tap);
  }

  /** How everything stands now, in plain data that is the caller's to keep. Looking changes nothing. */
  snapshot(): NetworkSnapshot {
    return {
      now: this.now,
      seed: this.seed,
      devices: [...this.#devices.values()].map((device) => device.snapshot()),
      cables: this.#allCables.map((cable) => cable.snapshot()),
      programs: this.programs.all.map((program) => program.snapshot()),
      published: [...this.#published.values()].map((door) => door.snapshot()),
      names: this.names.snapshot(),
      packets: this.pool.inUse,
    };
  }

  /** Gives a host one more interface. */
  addInterface(host: Host, name: string, options: InterfaceOptions): Nic {
    const mac = options.mac === undefined ? undefined : parseMac(options.mac);
    if (options.mac !== undefined && mac === undefined) throw new RangeError(`not a MAC address: ${options.mac}`);
    const mtu = options.mtu === undefined ? {} : { mtu: options.mtu };
    const nic = host.addNic(name, { mac: mac ?? this.#drawMac(`${host.name}.${name}`), ...mtu });
    this.#adopt(nic);
    for (const text of [options.address ?? []].flat()) {
      const parsed = parsePrefix(text);
      if (parsed === undefined) throw new RangeError(`not an address and prefix length: ${text}`);
      const errno = host.configure(nic, parsed.address, parsed.prefix.length);
      if (errno !== undefined) throw new RangeError(`${nic.fullName} cannot have the address ${text}: ${errno}`);
    }
    return nic;
  }

  /** Gives a hub or switch one more port. */
  addPort(device: Hub | Switch): Nic {
    const port = device.addPort();
    this.#adopt(port);
    return port;
  }

  /** Takes a cable away: both ends lose the carrier, and what is on it is lost. Its index is not given again. */
  removeCable(cable: Cable): void {
    if (cable.gone) return;
    cable.remove();
    this.#cables.splice(this.#cables.indexOf(cable), 1);
    this.#cabled.delete(cable.a);
    this.#cabled.delete(cable.b);
  }

  /** Takes an interface away, with its cable. */
  removeInterface(host: Host, name: string): void {
    const nic = host.nics.find((each) => each.name === name && each !== host.loopback);
    if (nic === undefined) return;
    this.#uncable(nic);
    host.removeNic(nic);
    this.#takeOut(nic);
  }

  /**
   * Takes a device away as a crash does: its cables are out, its programs killed, and whoever spoke to it hears no more of it. The
   * indexes of its Nics are not given again.
   */
  removeDevice(device: Device): void {
    for (const nic of device.nics) this.#uncable(nic);
    for (const nic of device.nics) this.#takeOut(nic);
    this.#devices.delete(device.name);
    if (device instanceof Host) {
      for (const [name, door] of [...this.#published]) if (door.options.host === device) this.unpublish(name);
      this.programs.kill(device);
      device.crash();
      this.names.remove(device);
    } else if (device instanceof FrameDoor) device.remove();
    for (const listener of this.#onRemoved) listener(device);
  }

  /** Calls back with every device that is taken away. */
  onRemoved(listener: (device: Device) => void): void {
    this.#onRemoved.add(listener);
  }

  /** Ends a published port: who came in by it is reset. */
  unpublish(name: string): void {
    this.#published.get(name)?.close();
    this.#published.delete(name);
  }

  #uncable(nic: Nic): void {
    const cable = this.#cables.find(({ a, b }) => a === nic || b === nic);
    if (cable !== undefined) this.removeCable(cable);
  }

  #host(name: string, options: HostOptions, forwarding: boolean): Host {
    const { scheduler, pool, random } = this;
    const tcpSettings = { ...this.tcp, ...options.tcp };
    const host = this.#add(new Host({ name: this.#free(name), scheduler, pool, random, forwarding, tcpSettings }));
    this.names.add(host, options);
    const interfaces = options.interfaces ?? { eth0: options };
    for (const [nic, written] of Object.entries(interfaces)) {
      this.addInterface(host, nic, typeof written === "string" ? { address: written } : written);
    }
    const routes: RouteOptions[] = options.gateway === undefined ? [] : [{ to: "0.0.0.0/0", via: options.gateway }];
    for (const { to, via, congestionControl } of [...routes, ...(options.routes ?? [])]) {
      const gateway = parseIp(via);
      const errno = gateway === undefined ? "EINVAL" : host.addRoute(to, { gateway, congestionControl });
      if (errno !== undefined) throw new RangeError(`${name} cannot have the route ${to} via ${via}: ${errno}`);
    }
    return host;
  }

  #add<T extends Device>(device: T): T {
    this.#devices.set(device.name, device);
    for (const nic of device.nics) this.#adopt(nic);
    return device;
  }

  #adopt(nic: Nic): void {
    nic.index = this.#nics.length;
    this.#nics.push(nic);
    for (const tap of this.#taps) nic.addTap(tap);
  }

  #drawMac(nic: string): MacAddress {
    const mac = this.#macs.get(nic) ?? (this.#nextMac++ as MacAddress);
    this.#macs.set(nic, mac);
    return mac;
  }

  /** No tap sees any more what is taken out. */
  #takeOut(nic: Nic): void {
    nic.gone = true;
    for (const tap of this.#taps) nic.removeTap(tap);
  }

  #free(name: string): string {
    if (!/^[A-Za-z][\w-]{0,62}$/.test(name)) throw new RangeError(`not a name: letters, digits, - and _: ${name}`);
    if (this.#devices.has(name)) throw new RangeError(`there is a device ${name} already`);
    return name;
  }

  #end(end: CableEndWritten): Nic {
    if (typeof end !== "string" && "nics" in end) return this.#freePort(end);
    const [name = "", port] = typeof end === "string" ? end.split(".") : [end.device, end.name];
    const device = this.#devices.get(name);
    if (device === undefined) throw new RangeError(`there is no device ${name}`);
    if (port === undefined) return this.#freePort(device);
    const nic = device.nics.find((each) => each.name === port);
    if (nic === undefined) throw new RangeError(`${name} has no port ${port}`);
    if (this.#cabled.has(nic)) throw new RangeError(`${nic.fullName} has a cable already`);
    return nic;
  }

  #freePort(device: Device): Nic {
    const free = device.nics.filter((nic) => nic.medium !== "loopback" && !this.#cabled.has(nic));
    const isHub = device instanceof Hub || device instanceof Switch;
    const port = isHub ? free.find((nic) => !this.#used.has(nic)) : free[0];
    if (port !== undefined) return port;
    if (!isHub) throw new RangeError(`every port of ${device.name} has a cable already`);
    return this.addPort(device);
  }

  #hostOf(host: Host | string): Host {
    const found = typeof host === "string" ? this.#devices.get(host) : host;
    if (!(found instanceof Host)) throw new RangeError(`there is no host ${String(host)}`);
    return found;
  }
}
