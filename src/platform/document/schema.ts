import * as z from "zod";
import { parseIp } from "../../address/ip.ts";
import { parsePrefix } from "../../address/prefix.ts";
import { parseName } from "../../application/dns/name.ts";
import { OFFLOADS } from "../../network/offload-written.ts";
import { parseRate } from "../../network/units.ts";
import { CONGESTION_CONTROLS } from "../../transport/tcp/congestion/choose.ts";
import { count, duration, flag, hostPort, line, listOf, mapping, name, oneOf, text } from "./schema-parts.ts";

/** The version of the format, which a file begins with. */
export const FORMAT_VERSION = 1;
export const DEVICES_LIMIT = 10_000;
/** Of all hubs and switches together, those written down. */
export const PORTS_LIMIT = 100_000;
const CABLES_LIMIT = 50_000;
const NAME_SERVERS_LIMIT = 10;

const rate = text(
  /^\s*\d+(\.\d+)?\s*[kMGT]?bit\/s\s*$/,
  'a rate such as "56kbit/s", "100Mbit/s" or "1Gbit/s"',
  "Bits a second, preamble, FCS and gap included; unlimited unless given.",
  parseRate,
);

const PROBABILITY = 'a probability such as "1%", or a number from 0 to 1';
const probability = (description: string) =>
  z
    .union(
      [
        z.number({ error: PROBABILITY }).min(0, { error: PROBABILITY }).max(1, { error: PROBABILITY }),
        text(/^\s*(100(\.0+)?|\d{1,2}(\.\d+)?)\s*%\s*$/, PROBABILITY, description),
      ],
      { error: PROBABILITY },
    )
    .meta({ description });

const OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const IPV4 = `(${OCTET}\\.){3}${OCTET}`;
const address = (description: string) =>
  text(new RegExp(`^${IPV4}$`), 'an address such as "10.0.0.1"', description, parseIp);
const network = (expected: string, description: string) =>
  text(new RegExp(`^${IPV4}/(3[0-2]|[12]?\\d)$`), expected, description, parsePrefix);
const interfaceAddress = network(
  'an address and prefix length such as "10.0.0.1/24"',
  "An address and the length of the prefix it is in.",
);
const mac = text(
  /^[0-9a-fA-F][02468aceACE]([:-][0-9a-fA-F]{2}){5}$/,
  'a MAC address of one station such as "02:00:00:00:00:01"',
  "Numbered from 02:00:00:00:00:01 unless given.",
);
const interfaceFields = {
  address: z
    .union([interfaceAddress, listOf(interfaceAddress, "an address, or a list of them", 100)], {
      error: "an address, or a list of them",
    })
    .optional()
    .meta({ description: 'Such as "10.0.0.1/24", or a list of them.' }),
  mtu: count(68, 65_535, "The longest datagram it sends in one piece, in bytes; 1500 unless given.").optional(),
  mac: mac.optional(),
};
const INTERFACE = "an address, or a mapping with address, mtu, mac";
const interfaceObject = mapping(INTERFACE, interfaceFields);

const congestionControl = (description: string) => oneOf(CONGESTION_CONTROLS, description);

const tcp = mapping("a mapping of TCP settings", {
  receiveBuffer: count(1024, 2 ** 26, "Bytes that may wait unread; as the path needs unless given.").optional(),
  initialReceiveBuffer: count(1024, 2 ** 26, "Where a receive buffer that is not given begins.").optional(),
  maximumReceiveBuffer: count(1024, 2 ** 26, "How far a receive buffer that is not given grows.").optional(),
  sendBuffer: count(
    1024,
    2 ** 26,
    "Bytes that may wait to be sent or acknowledged; as the path needs unless given.",
  ).optional(),
  initialSendBuffer: count(1024, 2 ** 26, "Where a send buffer that is not given begins.").optional(),
  maximumSendBuffer: count(1024, 2 ** 26, "How far a send buffer that is not given grows.").optional(),
  windowScaling: flag("Offer window scaling (RFC 7323).").optional(),
  windowScale: count(0, 14, "The shift to offer; what the buffer needs unless given.").optional(),
  sack: flag("Offer selective acknowledgments (RFC 2018).").optional(),
  timestamps: flag("Offer timestamps (RFC 7323).").optional(),
  delayedAck: duration("How long an acknowledgment may wait; 0s for never.").optional(),
  noDelay: flag("Send small segments at once, instead of holding them back while one is unacknowledged.").optional(),
  maximumSegmentLifetime: duration("TIME-WAIT lasts two of these.").optional(),
  initialWindow: count(1, 1000, "Segments (RFC 6928).").optional(),
  isnSeed: count(
    0,
    Number.MAX_SAFE_INTEGER,
    "Seed of the initial sequence numbers; the network's unless given.",
  ).optional(),
  congestionControl: congestionControl("How the sending rate follows loss.").optional(),
  ecn: oneOf(["on", "accept", "off"], "Explicit congestion notification.").optional(),
  maximumSegmentSize: count(88, 65_495, "Largest segment, bytes of data.").optional(),
  mtuProbing: oneOf(
    ["off", "black-hole", "always"],
    "Search for what the path carries without ICMP (RFC 4821).",
  ).optional(),
  initialRto: duration("First retransmission timeout.").optional(),
  minimumRto: duration("Least retransmission timeout.").optional(),
  maximumRto: duration("Largest retransmission timeout.").optional(),
  synRetries: count(0, 127, "Retransmissions of a SYN.").optional(),
  synAckRetries: count(0, 127, "Retransmissions of a SYN-ACK.").optional(),
  retries: count(0, 127, "Retransmissions of data.").optional(),
  synBacklog: count(1, 65_536, "Handshakes under way that a listener keeps.").optional(),
  synCookies: oneOf(["never", "when-full", "always"], "When SYNs are answered by cookies (RFC 4987).").optional(),
  timeWaitReuse: oneOf(
    ["never", "loopback", "always"],
    "Where a connection may take the place of one in TIME-WAIT.",
  ).optional(),
  timeWaitIgnoresResets: flag("Resets leave TIME-WAIT alone (RFC 1337).").optional(),
  challengeAckLimit: count(0, 1e9, "Challenge ACKs of a host in a second (RFC 5961); 0 for no limit.").optional(),
  finWait2: duration("How long a connection without an owner stays in FIN-WAIT-2.").optional(),
  keepAlive: flag("Send probes over an idle connection.").optional(),
  keepAliveIdle: duration("Idleness before the first probe.").optional(),
  keepAliveInterval: duration("Between two probes.").optional(),
  keepAliveProbes: count(1, 127, "Probes without an answer that end a connection.").optional(),
  userTimeout: duration("How long data may stay unacknowledged; 0s for as long as retries last.").optional(),
  hopLimit: count(1, 255, "The time to live of its packets.").optional(),
}).meta({ description: "TCP settings in place of the defaults, which are Linux's." });

const DOMAIN = 'a domain name such as "www.example.test"';
const domain = (description: string) =>
  text(/^[A-Za-z0-9_*-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?$/, DOMAIN, description, parseName);
const someHost = text(/^[^:\s]+$/, 'a host or an address such as "10.0.0.1"', "A host, or an address.");
const NAME_SERVER = 'a host or an address such as "10.0.0.53"';
const HOSTS = "a mapping of hosts or addresses by name";
const namesFields = {
  nameServers: listOf(
    text(/^[^:\s]+(:\d{1,5})?$/, NAME_SERVER, "A host or an address, with a port where it is not 53."),
    "a list of hosts or addresses",
    NAME_SERVERS_LIMIT,
  )
    .optional()
    .meta({ description: "The name servers that are asked, in this order." }),
  search: listOf(domain("A domain."), "a list of domain names", NAME_SERVERS_LIMIT)
    .optional()
    .meta({ description: "Domains in which a name of one label is looked for." }),
  hosts: z
    .record(domain("A name."), z.union([someHost, listOf(someHost, HOSTS)], { error: HOSTS }), { error: HOSTS })
    .optional()
    .meta({ description: "Names that are known without asking, with their hosts or addresses: a hosts file." }),
};
const names = z.object(namesFields);

const PROGRAM = "a program's name, or a mapping with run, with, at";
const program = z
  .union(
    [
      name,
      mapping(PROGRAM, {
        run: name.meta({ description: "The program." }),
        with: z
          .record(z.string(), z.unknown(), { error: "a mapping of parameters" })
          .optional()
          .meta({ description: "Its parameters." }),
        at: duration("When it starts; at once unless given.").optional(),
      }),
    ],
    { error: PROGRAM },
  )
  .meta({ description: "A program that the host runs." });

const hostFields = {
  ...interfaceFields,
  gateway: address("Where packets go for which there is no other route.").optional(),
  interfaces: z
    .record(name, z.union([interfaceAddress, interfaceObject], { error: INTERFACE }), {
      error: "a mapping of interfaces by name",
    })
    .optional()
    .meta({ description: "For a host with more than one interface; the one of address alone is eth0." }),
  routes: listOf(
    mapping("a mapping with to, via, congestionControl", {
      to: network('a network such as "10.1.0.0/16"', "The network that is reached."),
      via: address("The gateway to it."),
      congestionControl: congestionControl("Of the TCP connections that go by it, in place of the host's.").optional(),
    }),
    "a list of routes",
  ).optional(),
  tcp: tcp.optional(),
  ...namesFields,
  programs: listOf(program, "a list of programs").optional(),
};
const ports = count(1, 10_000, "How many ports it has; as many as it needs unless given.").optional();

const device = z.discriminatedUnion(
  "kind",
  [
    mapping("a mapping", { kind: z.literal("host"), ...hostFields }).meta({ description: "A computer." }),
    mapping("a mapping", { kind: z.literal("router"), ...hostFields }).meta({ description: "A host that forwards." }),
    mapping("a mapping", { kind: z.literal("hub"), ports }).meta({ description: "Repeats every frame to all." }),
    mapping("a mapping", { kind: z.literal("switch"), ports }).meta({ description: "Learns who is where." }),
  ],
  { error: "one of host, router, hub, switch" },
);

const conditionFields = {
  delay: duration("From one end to the other.").optional(),
  rate: rate.optional(),
  loss: probability("The frame vanishes.").optional(),
  jitter: duration("Up to so much is added to the delay; the order is kept.").optional(),
  duplication: probability("The frame arrives twice.").optional(),
  reordering: probability("The frame is held back, and those behind it pass.").optional(),
  reorderDelay: duration("How long a reordered frame is held back.").optional(),
  corruption: probability("One bit of the frame is turned.").optional(),
  pastFcs: flag("A turned bit is one that the frame check sequence does not show.").optional(),
};
const cableConditionFields = {
  ...conditionFields,
  cut: flag("Nothing arrives, and the sender cannot tell.").optional(),
};
const conditions = mapping("a mapping of conditions, such as {delay: 1ms}", cableConditionFields);

const end = text(
  /^[A-Za-z][A-Za-z0-9_-]{0,62}(\.[A-Za-z0-9_-]{1,62})?$/,
  'a device such as "pc1", or one of its interfaces or ports such as "pc1.eth0"',
  "A device, or one of its interfaces or ports.",
);
const ends = z
  .tuple([end, end], { error: "a list of its two ends, such as [pc1, hub]" })
  .meta({ description: "Its two ends." });

const OFFLOAD = `true, false, or a list of ${OFFLOADS.join(", ")}`;
const cable = mapping("a mapping with between", {
  between: ends,
  ...cableConditionFields,
  queue: count(1, 1_000_000, "Frames that may wait at each end.").optional(),
  offload: z
    .union([flag("All of them, or none."), listOf(oneOf(OFFLOADS, "One of them."), OFFLOAD)], { error: OFFLOAD })
    .optional()
    .meta({ description: "Work on frames that is left to the cable or done once for many; none unless given." }),
  from: z
    .record(end, conditions, { error: "a mapping of conditions by the end that sends" })
    .optional()
    .meta({ description: "Conditions for what one end sends, in place of those for both." }),
});

const publish = mapping("a mapping with publish, real, from, to", {
  publish: oneOf(["tcp", "udp"], "The protocol of the published port."),
  real: hostPort("The address and port of this machine; the address is loopback unless --allow=publish."),
  from: name.meta({ description: "The virtual host at which real clients enter." }),
  to: hostPort("The virtual host or address and its port."),
});
const tunnel = mapping("a mapping with tunnel", {
  tunnel: text(
    /^[A-Za-z0-9_.-]{1,15}$/,
    "a network interface's name of at most 15 characters",
    "The TAP device that is made (needs --allow=tunnel).",
  ),
});
const stream = mapping("a mapping with stream", {
  stream: text(
    /^(unix:.{1,100}|[^:\s]+:\d{1,5})$/,
    'a UNIX socket such as "unix:vm.sock", or an address and port',
    "Where frames come and go.",
  ),
  listen: flag("Wait for the far end to connect, rather than connect to it.").optional(),
});
const door = z.union([publish, tunnel, stream], { error: "a mapping with publish, tunnel or stream" });

const faultFields = {
  cable: ends.meta({ description: "The cable, by its two ends as in between." }),
  at: duration("When it begins."),
  for: duration("After so long it is undone; never unless given.").optional(),
  every: duration("It begins again so long after each beginning.").optional(),
  from: end.optional().meta({ description: "Only for what this end sends." }),
  do: oneOf(["cut", "heal", "unplug", "plug"], "What is done, unless conditions change.").optional(),
  ...conditionFields,
};
const fault = mapping("a mapping with cable, at, and do or conditions", faultFields);

const POSITION = "a list of two numbers such as [120, 80]";
const position = z
  .tuple([z.number({ error: POSITION }), z.number({ error: POSITION })], { error: POSITION })
  .meta({ description: "To the right, and down." });

/** Everything a network file may say, as it is written. What goes together with what is checked elsewhere. */
export const networkFile = mapping("a mapping that begins with netarium: 1", {
  netarium: z.literal(FORMAT_VERSION, { error: "1" }).meta({ description: "The version of this format." }),
  name: line("What the network is called.").optional(),
  welcome: line(
    "What to tell who starts it; {door.address} and {door.port} stand for what a published port got.",
    4000,
  ).optional(),
  seed: count(0, Number.MAX_SAFE_INTEGER, "Seed of all chance; 1 unless given here or with --seed.").optional(),
  epoch: text(
    /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/,
    'a date such as "2026-01-01" or "2026-01-01T00:00:00Z"',
    "The date at virtual time 0; 2026-01-01T00:00:00Z unless given.",
  ).optional(),
  tcp: tcp.optional(),
  ...namesFields,
  devices: z
    .record(name, device, { error: "a mapping of devices by name" })
    .meta({ description: "The boxes, by name." }),
  cables: listOf(cable, "a list of cables", CABLES_LIMIT).optional(),
  doors: z
    .record(name, door, { error: "a mapping of doors by name" })
    .optional()
    .meta({ description: "Where the outside comes in, by name." }),
  faults: listOf(fault, "a list of faults").optional(),
  layout: z
    .record(name, position, { error: "a mapping of positions by device" })
    .optional()
    .meta({ description: "Where devices and doors stand on the lab's canvas; the network is the same without." }),
});

export type NetworkFile = z.output<typeof networkFile>;
export type DeviceFile = z.output<typeof device>;
export type HostFile = Extract<DeviceFile, { kind: "host" | "router" }>;
export type CableFile = z.output<typeof cable>;
export type ConditionsFile = z.output<typeof conditions>;
export type DoorFile = z.output<typeof door>;
export type FaultFile = z.output<typeof fault>;
export type TcpFile = z.output<typeof tcp>;
export type NamesFile = z.output<typeof names>;
export type ProgramFile = z.output<typeof program>;

/** The JSON Schema (2020-12) of a network file, for editors. */
export function jsonSchema(): object {
  const schema = z.toJSONSchema(networkFile, { io: "input", reused: "ref" });
  return { ...schema, title: "Netarium network file" };
}
