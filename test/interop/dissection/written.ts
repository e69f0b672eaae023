/** A capture of segments and datagrams that no network of ours needs to send: each shows one thing. */
import { PcapngWriter } from "../../../src/capture/pcapng/writer.ts";

const FIN = 1;
const SYN = 2;
const RST = 4;
const PUSH = 8;
const ACK = 16;
const URG = 32;

/** Frames a millisecond apart, or as far as {@link wait} says, between 10.0.0.1 and 10.0.0.2. */
class Script {
  readonly frames: { bytes: Uint8Array; time: number }[] = [];
  #time = 0;
  #id = 0;

  wait(milliseconds: number): void {
    this.#time += milliseconds * 1e6;
  }

  frame(bytes: Uint8Array): void {
    this.frames.push({ bytes, time: this.#time });
    this.#time += 1e6;
  }

  datagram(from: 1 | 2, protocol: number, payload: readonly number[], options: readonly number[] = [], word = 0): void {
    this.frame(ethernet(0x0800, ipv4(from, protocol, payload, ++this.#id, options, word)));
  }
}

const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value)];
const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];

function ethernet(type: number, payload: readonly number[]): Uint8Array {
  const frame = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, ...u16(type), ...payload];
  while (frame.length < 60) frame.push(0);
  return Uint8Array.from(frame);
}

function ipv4(
  from: 1 | 2,
  protocol: number,
  payload: readonly number[],
  id: number,
  options: readonly number[] = [],
  word = 0,
): number[] {
  const length = 20 + options.length;
  const addresses = [10, 0, 0, from, 10, 0, 0, 3 - from];
  const head = [0x40 | (length / 4), 0, ...u16(length + payload.length), ...u16(id), ...u16(word), 64, protocol, 0, 0];
  return [...head, ...addresses, ...options, ...payload];
}

interface Written {
  readonly flags?: number;
  readonly window?: number;
  readonly data?: string;
  readonly options?: readonly number[];
  readonly urgent?: number;
}

/** One connection; numbers are relative to 1,000 at the client's side and 5,000 at the server's. */
class Connection {
  readonly #script: Script;
  readonly #port: number;

  constructor(script: Script, port: number) {
    this.#script = script;
    this.#port = port;
  }

  send(from: 1 | 2, sequence: number, ack: number, written: Written = {}): void {
    this.#script.datagram(from, 6, this.segment(from, sequence, ack, written));
  }

  segment(from: 1 | 2, sequence: number, ack: number, written: Written): number[] {
    const { flags = ACK, window = 1000, data = "", options = [], urgent = 0 } = written;
    const padded = [...options];
    while (padded.length % 4 !== 0) padded.push(1);
    const ports = from === 1 ? [...u16(this.#port), ...u16(9100)] : [...u16(9100), ...u16(this.#port)];
    const [own, other] = from === 1 ? [1000, 5000] : [5000, 1000];
    const acknowledged = (flags & ACK) === 0 ? 0 : ack + other;
    const head = u16(((5 + padded.length / 4) << 12) | flags);
    const rest = [...u16(window), 0x12, 0x34, ...u16(urgent), ...padded, ...bytesOf(data)];
    return [...ports, ...u32(sequence + own), ...u32(acknowledged), ...head, ...rest];
  }

  open(client: readonly number[] = [2, 4, 5, 0xb4], server: readonly number[] = [2, 4, 5, 0xb4]): void {
    this.send(1, 0, 0, { flags: SYN, options: client });
    this.send(2, 0, 1, { flags: SYN | ACK, options: server });
    this.send(1, 1, 1);
  }
}

const MAXIMUM = [2, 4, 5, 0xb4];

function keepAlives(script: Script): void {
  const tcp = new Connection(script, 40_001);
  tcp.open();
  tcp.send(1, 1, 1, { flags: ACK | PUSH, data: "hello" });
  tcp.send(2, 1, 6);
  script.wait(1000);
  tcp.send(1, 5, 1);
  tcp.send(2, 1, 6);
  tcp.send(1, 5, 1, { data: "o" });
  tcp.send(2, 1, 6);
  tcp.send(1, 6, 1, { flags: FIN | ACK });
  tcp.send(2, 1, 7);
  tcp.send(2, 1, 7, { flags: FIN | ACK });
  tcp.send(1, 7, 2);
}

function windows(script: Script): void {
  const tcp = new Connection(script, 40_002);
  tcp.open([...MAXIMUM, 3, 3, 2], [...MAXIMUM, 3, 3, 1]);
  tcp.send(2, 1, 1, { window: 5 });
  tcp.send(1, 1, 1, { flags: ACK | PUSH, data: "0123456789" }); // fills it
  tcp.send(2, 1, 11, { window: 0 });
  script.wait(300);
  tcp.send(1, 11, 1, { data: "x" }); // probes
  tcp.send(2, 1, 11, { window: 0 });
  script.wait(300);
  tcp.send(2, 1, 11, { window: 100 });
  tcp.send(1, 11, 1, { flags: ACK | PUSH | URG, data: "xyz", urgent: 1 });
  tcp.send(2, 1, 14, { window: 100 });
  tcp.send(2, 1, 14, { flags: RST | ACK, window: 0 });
}

function losses(script: Script): void {
  const tcp = new Connection(script, 40_003);
  tcp.open([...MAXIMUM, 4, 2], [...MAXIMUM, 4, 2]);
  tcp.send(1, 1, 1, { data: "aaaa" });
  tcp.send(1, 9, 1, { data: "cccc" }); // one is missing
  tcp.send(2, 1, 5, { options: [5, 10, ...u32(1009), ...u32(1013)] });
  tcp.send(1, 13, 1, { data: "dddd" });
  tcp.send(2, 1, 5, { options: [5, 10, ...u32(1009), ...u32(1017)] });
  tcp.send(1, 17, 1, { data: "eeee" });
  tcp.send(2, 1, 5, { options: [5, 10, ...u32(1009), ...u32(1021)] });
  tcp.send(1, 5, 1, { data: "bbbb" }); // the missing one, fast
  tcp.send(2, 1, 21);
  script.wait(500);
  tcp.send(1, 5, 1, { data: "bbbb" }); // in vain
  tcp.send(2, 1, 21, { options: [5, 10, ...u32(1005), ...u32(1009)] });
  tcp.send(1, 21, 1, { data: "ffff" });
  script.wait(500);
  tcp.send(1, 21, 1, { data: "ffff" }); // no answer came
  tcp.send(2, 1, 25);
}

function openings(script: Script): void {
  const again = new Connection(script, 40_004);
  again.open();
  again.send(1, 1, 1, { flags: RST });
  script.wait(5000);
  again.send(1, 50_000, 0, { flags: SYN, options: MAXIMUM }); // the same ports
  const refused = new Connection(script, 40_005);
  refused.send(1, 0, 0, { flags: SYN, options: MAXIMUM });
  refused.send(2, -5000, 1, { flags: RST | ACK, window: 0 });
  const half = new Connection(script, 40_006);
  half.send(1, 0, 0, { flags: SYN, options: [...MAXIMUM, 3, 3, 7] });
  half.send(2, 0, 1, { flags: SYN | ACK, options: MAXIMUM });
  half.send(1, 1, 1, { data: "no scaling" });
  const midway = new Connection(script, 40_007);
  midway.send(1, 100, 100, { data: "midway" });
  midway.send(2, 100, 106);
  const flags = new Connection(script, 40_008);
  for (const bits of [SYN | 0xc0, SYN | 0x1c0, ACK | 0x200, 0]) flags.send(1, 0, 0, { flags: bits, options: MAXIMUM });
  const strange = new Connection(script, 40_009);
  strange.send(1, 0, 0, { flags: SYN, options: [...MAXIMUM, 1, 1, 1, 1] });
  strange.send(1, 0, 0, { flags: SYN, options: [...MAXIMUM, 3, 3, 15, 0] });
  strange.send(1, 0, 0, { flags: SYN, options: [...MAXIMUM, 8, 10, 0, 0] });
  strange.send(1, 0, 0, { flags: SYN, options: [0, 0, 0, 0] });
}

const udp = (from: number, to: number, data: string): number[] => [
  ...[...u16(from), ...u16(to), ...u16(8 + data.length), 0, 0],
  ...bytesOf(data),
];

function datagrams(script: Script): void {
  script.datagram(1, 17, udp(50_000, 9101, "plain"));
  script.datagram(2, 17, udp(9101, 50_000, ""));
  script.datagram(1, 17, udp(50_000, 9101, "route"), [7, 11, 8, 10, 0, 0, 9, 0, 0, 0, 0, 0]);
  script.datagram(1, 17, udp(50_000, 9101, "stamp"), [68, 12, 5, 0, 0, 0, 0, 1, 0, 0, 0, 2]);
  script.datagram(1, 17, udp(50_000, 9101, "alert"), [148, 4, 0, 0]);
  script.datagram(1, 17, udp(50_000, 9101, "short").slice(0, 4));
  script.datagram(1, 17, [...u16(50_000), ...u16(9101), 0, 4, 0, 0]);
  script.datagram(1, 99, bytesOf("no protocol of ours"));
  const whole = udp(50_001, 9102, "fragments".repeat(40));
  script.datagram(1, 17, whole.slice(0, 160), [], 0x2000);
  script.datagram(1, 17, whole.slice(160, 320), [], 0x2000 | 20);
}

/** @param body behind the checksum, which is right */
function icmp(type: number, code: number, body: readonly number[]): number[] {
  const message = [type, code, 0, 0, ...body];
  let sum = 0;
  for (let at = 0; at < message.length; at += 2) sum += ((message[at] as number) << 8) + (message[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return [type, code, ...u16(~sum), ...body];
}

function messages(script: Script): void {
  const echo = [0x12, 0x34, 0, 1, ...bytesOf("abcdefghijklmnopqrstuvwxyz")];
  script.datagram(1, 1, icmp(8, 0, echo));
  script.datagram(2, 1, icmp(0, 0, echo));
  script.datagram(1, 1, icmp(8, 0, [0x12, 0x34, 0, 2, 1, 2])); // without an answer
  const quoted = ipv4(1, 17, udp(50_000, 9101, "quoted"), 77);
  script.datagram(2, 1, icmp(3, 3, [0, 0, 0, 0, ...quoted]));
  script.datagram(2, 1, icmp(11, 0, [0, 0, 0, 0, ...quoted]));
  script.datagram(2, 1, icmp(5, 1, [10, 0, 0, 9, ...quoted]));
  script.datagram(2, 1, icmp(12, 0, [3, 0, 0, 0, ...quoted]));
  const segment = new Connection(script, 40_001).segment(1, 6, 1, { data: "quoted" });
  script.datagram(2, 1, icmp(3, 4, [0, 0, 5, 0x78, ...ipv4(1, 6, segment, 78)]));
}

function neighbours(script: Script): void {
  const arp = (opcode: number, sender: readonly number[], target: readonly number[], mac = 1): void => {
    const from = [2, 0, 0, 0, 0, mac, ...sender];
    script.frame(ethernet(0x0806, [0, 1, 8, 0, 6, 4, ...u16(opcode), ...from, 0, 0, 0, 0, 0, 0, ...target]));
  };
  arp(1, [0, 0, 0, 0], [10, 0, 0, 1]); // a probe
  arp(1, [10, 0, 0, 1], [10, 0, 0, 1]); // an announcement
  arp(1, [10, 0, 0, 1], [10, 0, 0, 2]);
  arp(2, [10, 0, 0, 2], [10, 0, 0, 1], 2);
  script.wait(2000);
  arp(1, [10, 0, 0, 1], [10, 0, 0, 2], 3); // another says to have it
  script.frame(ethernet(0x88b5, bytesOf("no protocol of ours")));
}

/** All of them in one capture. */
export function writtenSegments(): Uint8Array {
  const script = new Script();
  for (const part of [neighbours, keepAlives, windows, losses, openings, datagrams, messages]) part(script);
  const pieces: Uint8Array[] = [];
  const writer = new PcapngWriter((bytes) => pieces.push(bytes.slice()), new Date(0));
  writer.addInterface("eth0", new Uint8Array(6));
  script.frames.forEach(({ bytes, time }, index) => {
    const record = { interfaceId: 0, time: time as number, flags: 1, packetId: index + 1, comments: [] };
    writer.packet(record as Parameters<PcapngWriter["packet"]>[0], new Uint8Array(0), bytes, 0, bytes.length);
    writer.settle();
  });
  writer.flush();
  return Uint8Array.from(Buffer.concat(pieces));
}
