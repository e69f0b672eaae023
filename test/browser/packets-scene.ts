/**
 * Packets that no network has to send first: answers what the page asks of packets, between it and the real engine, which goes
 * on answering all else. So a list of a million rows, and a packet of each kind, are there at once.
 */
import type { Page } from "playwright-core";
import type {
  FieldNode,
  FollowedStream,
  Methods,
  PacketDetail,
  PacketRow,
  Request,
  SequenceArrow,
  SequenceDiagram,
  ViewState,
} from "../../src/engine/protocol/index.ts";

const VIEW = 1;
const MS = 1_000_000;

/** What every seventh row or so is, so that all kinds are seen at once. */
const KINDS: readonly Partial<PacketRow>[] = [
  { protocol: "ARP", group: "arp", info: "Who has 10.0.1.1? Tell 10.0.1.11", length: 60, source: "02:00:00:00:00:03" },
  {
    protocol: "TCP",
    group: "tcp",
    info: "40000 → 8888 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM WS=128",
    length: 74,
  },
  { protocol: "TCP", group: "tcp", info: "8888 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0", length: 74 },
  { protocol: "CHAT", group: "chat", info: "* alice has joined", length: 84 },
  {
    protocol: "TCP",
    group: "tcp",
    info: "40000 → 8888 [PSH, ACK] Seq=1 Ack=1 Len=6",
    notes: ["retransmission"],
    length: 66,
  },
  { protocol: "DNS", group: "dns", info: "Standard query 0x1234 A server.lan", length: 71 },
  { protocol: "HTTP", group: "http", info: "GET / HTTP/1.1", length: 140 },
  { protocol: "TLSv1.3", group: "tls", info: "Client Hello (SNI=server.lan)", length: 583 },
  { protocol: "UDP", group: "udp", info: "5000 → 3434 Len=6", dropped: "queue-full", direction: "drop", length: 60 },
  { protocol: "ICMP", group: "icmp", info: "Echo (ping) request  id=0x0001, seq=1/256, ttl=64", length: 98 },
];

export const rowAt = (index: number): PacketRow => ({
  number: index + 1,
  event: index * 2,
  time: index * 100_003,
  source: "10.0.1.11",
  destination: "10.0.2.1",
  protocol: "TCP",
  length: 60,
  info: "",
  nic: "alice.eth0",
  direction: "out",
  group: "tcp",
  notes: [],
  ...KINDS[index % KINDS.length],
});

const field = (
  name: string,
  text: string,
  offset: number,
  length: number,
  rest: Partial<FieldNode> = {},
): FieldNode => ({
  name,
  text,
  source: 0,
  offset,
  length,
  ...rest,
});

const TREE: readonly FieldNode[] = [
  field("frame", "Frame 2: 74 bytes on wire (592 bits), 74 bytes captured (592 bits)", 0, 74, {
    children: [
      field("frame.number", "Frame Number: 2", 0, 0, { generated: true, value: "2", filter: "frame.number == 2" }),
    ],
  }),
  field("eth", "Ethernet II, Src: 02:00:00:00:00:03, Dst: 02:00:00:00:00:01", 0, 14, {
    children: [
      field("eth.dst", "Destination: 02:00:00:00:00:01", 0, 6),
      field("eth.src", "Source: 02:00:00:00:00:03", 6, 6),
      field("eth.type", "Type: IPv4 (0x0800)", 12, 2),
    ],
  }),
  field("ip", "Internet Protocol Version 4, Src: 10.0.1.11, Dst: 10.0.2.1", 14, 20, {
    children: [
      field("ip.version", "0100 .... = Version: 4", 14, 1, { mask: "f0" }),
      field("ip.hdr_len", ".... 0101 = Header Length: 20 bytes (5)", 14, 1, { mask: "0f" }),
      field("ip.src", "Source Address: 10.0.1.11", 26, 4, { value: "10.0.1.11", filter: "ip.src == 10.0.1.11" }),
      field("ip.dst", "Destination Address: 10.0.2.1", 30, 4, { value: "10.0.2.1", filter: "ip.dst == 10.0.2.1" }),
    ],
  }),
  field("tcp", "Transmission Control Protocol, Src Port: 40000, Dst Port: 8888, Seq: 0, Len: 0", 34, 40, {
    children: [
      field("tcp.srcport", "Source Port: 40000", 34, 2, { value: "40000", filter: "tcp.srcport == 40000" }),
      field("tcp.dstport", "Destination Port: 8888", 36, 2, { value: "8888", filter: "tcp.dstport == 8888" }),
      field("tcp.flags", "Flags: 0x002 (SYN)", 46, 2, {
        children: [
          field("tcp.flags.syn", ".... .... ..1. = Syn: Set", 47, 1, { mask: "2", filter: "tcp.flags.syn == 1" }),
        ],
      }),
      field("tcp.window_size_value", "Window: 64240", 48, 2),
    ],
  }),
];

const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64");

const detailOf = (event: number): PacketDetail => ({
  row: rowAt(Math.floor(event / 2)),
  tree: TREE,
  sources: [
    { name: "Frame", bytes: base64(Uint8Array.from({ length: 74 }, (_, n) => (n === 14 ? 0x45 : (n * 37) & 0xff))) },
    { name: "Reassembled TCP (1523 bytes)", bytes: base64(Uint8Array.from({ length: 1523 }, (_, n) => 32 + (n % 90))) },
  ],
  path: [
    { event, at: 100, nic: "alice.eth0", direction: "out" },
    { event: event + 1, at: 400, nic: "hub.1", direction: "in" },
    { event: event + 3, at: 900, nic: "r1.eth0", direction: "drop", dropped: "queue-full" },
  ],
  cause: 0,
});

const STREAM: FollowedStream = {
  filter: "tcp.stream eq 0",
  client: "10.0.1.11:40000",
  server: "10.0.2.1:8888",
  pieces: [
    { direction: 1, number: 5, event: 8, time: 5 * MS, bytes: base64("Welcome to the chat room.\r\n") },
    { direction: 0, number: 7, event: 12, time: 9 * MS, bytes: base64("/nick alice\r\n") },
    { direction: 1, number: 9, event: 16, time: 12 * MS, bytes: base64("* you are alice \x1b[31mnow\x07\r\n你好\r\n") },
  ],
  missing: 0,
  truncated: false,
};

const arrow = (
  number: number,
  from: 0 | 1,
  left: number,
  arrived: number | undefined,
  label: string,
  phase: SequenceArrow["phase"],
  rest: Partial<SequenceArrow> = {},
): SequenceArrow => ({
  event: (number - 1) * 2,
  number,
  from,
  to: 1 - from,
  left: left * MS,
  ...(arrived === undefined ? {} : { arrived: arrived * MS }),
  label,
  phase,
  length: 0,
  ...rest,
});

const SEQUENCE: SequenceDiagram = {
  title: "alice 10.0.1.11:40000 ↔ chat 10.0.2.1:8888",
  ends: [
    { name: "alice", address: "10.0.1.11", port: 40000 },
    { name: "chat", address: "10.0.2.1", port: 8888 },
  ],
  arrows: [
    arrow(2, 0, 0, 5, "SYN Seq=0 Win=64240", "handshake"),
    arrow(3, 1, 5, 10, "SYN, ACK Seq=0 Ack=1 Win=65160", "handshake"),
    arrow(4, 0, 10, 15, "ACK Seq=1 Ack=1 Win=64256", "handshake"),
    arrow(5, 1, 15.2, 20.2, "PSH, ACK Seq=1 Ack=1 Len=27", "data"),
    arrow(6, 0, 20.2, 25.2, "ACK Seq=1 Ack=28", "data"),
    arrow(7, 0, 3000, undefined, "PSH, ACK Seq=1 Ack=28 Len=13", "data", { lost: "cable-loss" }),
    arrow(8, 0, 3211, 3216, "PSH, ACK Seq=1 Ack=28 Len=13", "data", { again: 12 }),
    arrow(9, 1, 3216, 3221, "PSH, ACK Seq=28 Ack=14 Len=31", "data"),
    arrow(10, 0, 3216.4, 3221.4, "PSH, ACK Seq=14 Ack=28 Len=6", "data"),
    arrow(11, 0, 9000, 9005, "FIN, ACK Seq=20 Ack=59", "close"),
    arrow(12, 1, 9005, 9010, "FIN, ACK Seq=59 Ack=21", "close"),
    arrow(13, 0, 9010, undefined, "ACK Seq=21 Ack=60", "close"),
  ],
  truncated: false,
};

/** What a scene was asked, and how many rows it has. */
export class PacketsScene {
  readonly asked: string[] = [];
  total: number;
  filter = "";

  constructor(total: number) {
    this.total = total;
  }

  /** Puts itself between a page and its engine: before the page is opened. */
  async stage(page: Page): Promise<void> {
    await page.routeWebSocket(/\/engine$/, (socket) => {
      const engine = socket.connectToServer();
      socket.onMessage((message) => {
        const request = JSON.parse(String(message)) as Request;
        const answer = this.#answer(request);
        if (answer === undefined) engine.send(message);
        else socket.send(JSON.stringify({ type: "result", id: request.id, result: answer }));
      });
    });
  }

  get #state(): ViewState {
    const matched = this.filter === "" ? this.total : Math.ceil(this.total / 2);
    return { view: VIEW, total: this.total, matched, examined: this.total, first: 0 };
  }

  #answer({ method, params }: Request): unknown {
    if (method === undefined || (!method.startsWith("packets.") && !method.startsWith("filter."))) return undefined;
    this.asked.push(method);
    const of = <M extends keyof Methods>(): Methods[M]["params"] => params as Methods[M]["params"];
    const step = this.filter === "" ? 1 : 2;
    switch (method) {
      case "packets.open":
      case "packets.filter":
        this.filter = of<"packets.filter">().filter;
        return this.#state;
      case "packets.rows": {
        const { from, count } = of<"packets.rows">();
        const rows = Math.max(0, Math.min(count, this.#state.matched - from));
        return { from, rows: Array.from({ length: rows }, (_, n) => rowAt((from + n) * step)) };
      }
      case "packets.locate":
        return { index: Math.floor((of<"packets.locate">().event ?? 0) / 2 / step) };
      case "packets.find":
        return { index: /none/.test(of<"packets.find">().what) ? -1 : Math.floor(this.#state.matched / 2) };
      case "packets.detail":
        return detailOf(of<"packets.detail">().event);
      case "packets.follow":
        return STREAM;
      case "packets.sequence":
        return SEQUENCE;
      case "packets.copy":
        return { text: "copied" };
      case "packets.export":
        return of<"packets.export">().next === undefined
          ? { bytes: base64("first "), next: "1" }
          : { bytes: base64("last") };
      case "filter.check":
        return check(of<"filter.check">().filter);
      case "filter.complete":
        return {
          from: 0,
          candidates: [
            { name: "tcp.port", label: "Source or Destination Port", type: "uint" },
            { name: "tcp.seq", label: "Sequence Number", type: "uint" },
          ],
        };
      default:
        return {};
    }
  }
}

function check(filter: string): Methods["filter.check"]["result"] {
  const offset = filter.indexOf("nonsense");
  if (offset < 0) return { ok: true };
  return { ok: false, error: { code: "unknown-field", text: '"nonsense" is no field' }, offset, length: 8 };
}
