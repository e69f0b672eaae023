/**
 * Wireshark's judgement of a capture: what tshark finds malformed, wrong of checksum, or lost on the way. A capture is
 * given as bytes; each function returns what is wrong as lines, so that none is an empty list.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readPcapng } from "../src/capture/pcapng/reader.ts";
import { PcapngWriter } from "../src/capture/pcapng/writer.ts";

const run = promisify(execFile);

/** Checksums are not checked unless told. */
const PREFERENCES = ["ip", "tcp", "udp"].flatMap((name) => ["-o", `${name}.check_checksum:TRUE`]);

/** Errors of dissection and of checksums (expert severity 8388608 is "error"). */
const DAMAGE = [
  "_ws.malformed",
  "_ws.short",
  "_ws.expert.severity >= 8388608",
  ...["ip", "tcp", "udp", "icmp", "icmpv6"].map((name) => `${name}.checksum.status==0`),
].join(" || ");

/** What TCP's sequence numbers tell of a path without faults: nothing. */
const LOSS = ["lost_segment", "retransmission", "out_of_order", "ack_lost_segment"]
  .map((name) => `tcp.analysis.${name}`)
  .join(" || ");

const COLUMNS = ["frame.number", "frame.time_relative", "frame.interface_name", "_ws.col.Protocol", "_ws.col.Info"];
const COMMENT = "frame.comment";
const CHECKSUMS = ["tcp", "ip", "udp", "icmp"].map((name) => `${name}.checksum.status`);

/** Runs tshark over a capture. @returns the fields of each frame that passes the filter */
export async function tshark(capture: Uint8Array, filter: string, fields: readonly string[]): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), "netarium-tshark-"));
  try {
    const file = join(folder, "capture.pcapng");
    writeFileSync(file, capture);
    const columns = fields.flatMap((field) => ["-e", field]);
    const display = filter === "" ? [] : ["-Y", filter];
    const options = [
      "-r",
      file,
      "-n",
      ...PREFERENCES,
      "-2",
      ...display,
      "-T",
      "fields",
      "-E",
      "occurrence=a",
      ...columns,
    ];
    const { stdout, stderr } = await run("tshark", options, { maxBuffer: 1 << 28, encoding: "utf8" });
    const complaint = stderr.split("\n").filter((line) => !/^$|Running as user|dangerous/.test(line));
    if (complaint.length > 0) throw new Error(`tshark: ${complaint.join("\n")}`);
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What tshark would show of each frame: interface, protocol and what it says. */
export async function summaries(capture: Uint8Array, filter = ""): Promise<string[]> {
  const rows = await tshark(capture, filter, ["frame.interface_name", "_ws.col.Protocol", "_ws.col.Info"]);
  return rows.map((row) => row.join(" "));
}

/**
 * The frames that tshark finds malformed or wrong of checksum, but those whose comment says that a cable turned a bit. Two
 * complaints are tshark's own and left out: a datagram that it put together from fragments of which one says so, and
 * the checksum of a TCP segment that an ICMP error quotes in part, which it computes over that part.
 * @param from only those of one sender
 */
export async function damagedFrames(capture: Uint8Array, from?: string): Promise<string[]> {
  const fields = [...COLUMNS, "_ws.expert.message", COMMENT, "ip.fragment", "frame.protocols", ...CHECKSUMS];
  const rows = await tshark(capture, fromOnly(DAMAGE, from), fields);
  if (rows.length === 0) return [];
  const corrupted = new Set<string>();
  readPcapng(capture).captured.forEach(({ comments }, index) => {
    if (comments.some(isCorrupted)) corrupted.add(String(index + 1));
  });
  return rows
    .filter((row) => {
      const [fragments = "", protocols = "", tcp, ...others] = row.slice(COLUMNS.length + 2);
      const numbers = [row[0] ?? "", ...fragments.split(",")];
      const quoted = /:icmp:ip:tcp/.test(protocols) && tcp === "0" && others.every((status) => !status.includes("0"));
      const broken = /malformed/i.test(row[COLUMNS.length] ?? "");
      return !(quoted && !broken) && !numbers.some((number) => corrupted.has(number));
    })
    .map((row) => row.slice(0, COLUMNS.length + 2).join(" | "));
}

const fromOnly = (filter: string, from: string | undefined): string =>
  from === undefined ? filter : `(${filter}) && ip.src == ${from}`;

const isCorrupted = (comment: string): boolean => /^corrupted\b/.test(comment);

/**
 * The segments that tshark takes for lost, sent again or out of order, one interface at a time.
 * @param from only those of one sender
 */
export async function lossFindings(capture: Uint8Array, from?: string): Promise<string[]> {
  const found: string[] = [];
  for (const part of splitByInterface(capture)) {
    const rows = await tshark(part, fromOnly(LOSS, from), [...COLUMNS, "_ws.expert.message", COMMENT]);
    found.push(...rows.map((row) => row.join(" | ")));
  }
  return found;
}

/** The captures of each interface alone: two sights of one segment would be taken for a retransmission. */
export function splitByInterface(capture: Uint8Array): Uint8Array[] {
  const { interfaces, captured, secrets, problem } = readPcapng(capture);
  if (problem !== undefined) throw new Error(`the capture is ${problem}`);
  return interfaces.map((each) => {
    const pieces: Uint8Array[] = [];
    const writer = new PcapngWriter((bytes) => pieces.push(bytes.slice()), new Date(0));
    writer.addInterface(each.name ?? "", each.mac ?? new Uint8Array(6));
    for (const lines of secrets) writer.secrets(lines);
    for (const packet of captured) {
      if (packet.interface !== each) continue;
      const { flags, comments, data } = packet;
      const time = Number((packet.time ?? 0n) - (captured[0]?.time ?? 0n));
      const record = { interfaceId: 0, time, flags, packetId: 0, comments };
      writer.packet(record, new Uint8Array(0), data, 0, data.length);
      writer.settle();
    }
    writer.flush();
    return Uint8Array.from(Buffer.concat(pieces));
  });
}
