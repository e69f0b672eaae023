import { text as line, type TreeBuilder } from "../../../capture/dissect/dissector.ts";
import { readName, spelledDuration } from "./cursor.ts";
import { dissectData } from "./data.ts";
import * as fields from "./fields.ts";
import { CLASSES, OPCODES, RCODES, shortType } from "./names.ts";
import { dissectOptions } from "./options.ts";
import type { MessageTies } from "./transactions.ts";

const HEAD = 12;
const OPT = 41;
const SRV = 33;
const UPDATE = 5;
const TTL_HIGH_BIT = 0x8000_0000;

const SECTIONS = ["Answers", "Authoritative nameservers", "Additional records"] as const;
const UPDATE_SECTIONS = ["Prerequisites", "Updates", "Additional records"] as const;
const PART = line("");

/**
 * Shows a message (RFC 1035 §4), as far as it goes; where it ends too early, that it is malformed.
 * @param start where it begins in the bytes that the tree counts in: 2 behind TCP's length, else 0
 * @param ties which frames hold its query, its response, or the same once more
 */
export function dissectMessage(bytes: Uint8Array, start: number, ties: MessageTies, tree: TreeBuilder): void {
  const writer = new MessageWriter(bytes.subarray(start), start, tree);
  if (!writer.write(bytes, ties)) tree.malformed("DNS");
}

/** Reads on through one message and shows what it comes by. */
class MessageWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #tree: TreeBuilder;
  #at = 0;
  #info = "";

  constructor(bytes: Uint8Array, start: number, tree: TreeBuilder) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#tree = start === 0 ? tree : shifted(tree, start);
  }

  write(whole: Uint8Array, ties: MessageTies): boolean {
    const tree = this.#tree;
    const start = whole.length - this.#bytes.length;
    tree.columns({ protocol: "DNS", info: "" });
    if (this.#bytes.length < HEAD) return this.#writeStump(start, whole);
    const flags = this.#view.getUint16(2);
    const response = (flags & 0x8000) !== 0;
    tree.open(fields.DNS, -start, whole.length, undefined, `Domain Name System (${response ? "response" : "query"})`);
    if (start > 0) tree.add(fields.LENGTH, -start, 2, this.#bytes.length);
    this.#writeHead(flags, response, ties);
    if (!this.#writeSections((flags >> 11) & 0xf)) return false;
    this.#writeTies(ties);
    if (this.#at < this.#bytes.length) this.#writeRest();
    tree.close();
    return true;
  }

  /** Less than a head: what of it is there. */
  #writeStump(start: number, whole: Uint8Array): boolean {
    if (this.#bytes.length < 4) return false;
    const flags = this.#view.getUint16(2);
    const response = (flags & 0x8000) !== 0;
    this.#tree.open(
      fields.DNS,
      -start,
      whole.length,
      undefined,
      `Domain Name System (${response ? "response" : "query"})`,
    );
    if (start > 0) this.#tree.add(fields.LENGTH, -start, 2, this.#bytes.length);
    this.#writeHead(flags, response, {});
    return false;
  }

  #tell(info: string): void {
    this.#info += info;
    this.#tree.columns({ info: this.#info });
  }

  #writeHead(flags: number, response: boolean, ties: MessageTies): void {
    const tree = this.#tree;
    const id = this.#view.getUint16(0);
    const opcode = (flags >> 11) & 0xf;
    const rcode = flags & 0xf;
    const suffix = response ? " response" : "";
    const kind = (OPCODES[opcode] ?? "Unknown operation") + suffix;
    const told = (OPCODES[opcode] ?? `Unknown operation (${opcode})`) + suffix;
    const outcome = response ? (RCODES[rcode] ?? "Unknown error") : "";
    const failed = response && rcode !== 0 ? ` ${RCODES[rcode] ?? `Unknown error (${rcode})`}` : "";
    this.#tell(`${told} 0x${hex(id)}${failed}`);
    tree.open(fields.ID, 0, 2, id);
    if (ties.requestAgain !== undefined) {
      const message = `DNS query retransmission. Original request in frame ${ties.requestAgain}`;
      tree.expert(fields.QUERY_SENT_AGAIN, message);
    }
    if (ties.responseAgain !== undefined) {
      const message = `DNS response retransmission. Original response in frame ${ties.responseAgain}`;
      tree.expert(fields.RESPONSE_SENT_AGAIN, message);
    }
    tree.close();
    tree.open(fields.FLAGS, 2, 2, flags, `Flags: 0x${hex(flags)} ${kind}${outcome === "" ? "" : `, ${outcome}`}`);
    for (const definition of response ? RESPONSE_BITS : flags & 0x20 ? SECURE_QUERY_BITS : QUERY_BITS) {
      const mask = definition.mask as number;
      const value = (flags & mask) / (mask & -mask);
      const set = definition.type === "boolean" ? value !== 0 : value;
      if (definition !== fields.FLAG_BITS.reserved) tree.add(definition, 2, 2, set);
      else tree.add(definition, 2, 2, set, `.... .... .${value}.. .... = Z: ${definition.truth?.[set ? 0 : 1]}`);
    }
    tree.close();
    this.#at = 4;
  }

  #writeSections(opcode: number): boolean {
    const tree = this.#tree;
    const counts: number[] = [];
    for (const definition of opcode === UPDATE ? fields.UPDATE_COUNTS : fields.COUNTS) {
      if (this.#at + 2 > this.#bytes.length) return false;
      counts.push(this.#view.getUint16(this.#at));
      tree.add(definition, this.#at, 2, counts.at(-1));
      this.#at += 2;
    }
    const [questions = 0, ...records] = counts;
    const first = opcode === UPDATE ? "Zone" : "Queries";
    if (!this.#writeSection(first, questions, () => this.#writeQuestion())) return false;
    const names = opcode === UPDATE ? UPDATE_SECTIONS : SECTIONS;
    return names.every((name, n) => this.#writeSection(name, records[n] as number, () => this.#writeRecord()));
  }

  /** Each entry takes bytes, so that a count alone makes nobody work. */
  #writeSection(name: string, count: number, entry: () => boolean): boolean {
    if (count === 0) return true;
    const start = this.#at;
    this.#tree.open(PART, start, this.#bytes.length - start, undefined, name);
    for (let n = 0; n < count; n++) if (!entry()) return false;
    this.#tree.close(undefined, this.#at - start);
    return true;
  }

  #writeQuestion(): boolean {
    const tree = this.#tree;
    const start = this.#at;
    const name = readName(this.#bytes, start);
    if (name === undefined || name.end + 4 > this.#bytes.length) return false;
    const type = this.#view.getUint16(name.end);
    const cls = this.#view.getUint16(name.end + 2);
    this.#at = name.end + 4;
    const length = name.end - start;
    const title = `${name.text}: type ${shortType(type)}, class ${CLASSES[cls] ?? "Unknown"}`;
    tree.open(PART, start, length + 4, undefined, title);
    tree.add(fields.QUERY_NAME, start, length, name.text);
    // Wireshark counts nothing in a name of one letter.
    const single = name.length === 1;
    tree.add(fields.QUERY_NAME_LENGTH, start, length, single ? 0 : name.length);
    tree.add(fields.LABEL_COUNT, start, length, single ? 0 : name.text.split(".").length);
    tree.add(fields.QUERY_TYPE, name.end, 2, type);
    tree.add(fields.QUERY_CLASS, name.end + 2, 2, cls);
    tree.close();
    this.#tell(` ${shortType(type)} ${name.text}`);
    return true;
  }

  #writeRecord(): boolean {
    const tree = this.#tree;
    const start = this.#at;
    const name = readName(this.#bytes, start);
    if (name === undefined || name.end + 10 > this.#bytes.length) return false;
    const at = name.end;
    const type = this.#view.getUint16(at);
    this.#tell(` ${shortType(type)}`);
    const cls = this.#view.getUint16(at + 2);
    const length = this.#view.getUint16(at + 8);
    if (at + 10 + length > this.#bytes.length) return false;
    const head = `${name.text}: type ${shortType(type)}`;
    const title = type === OPT ? head : `${head}, class ${CLASSES[cls] ?? "Unknown"}`;
    tree.open(PART, start, at + 10 - start + length, undefined, title);
    this.#writeOwner(type, name.text, start, at - start);
    tree.add(fields.RECORD_TYPE, at, 2, type);
    if (type === OPT) this.#writeExtension(at);
    else this.#writeClassAndTtl(at, cls);
    tree.add(fields.DATA_LENGTH, at + 8, 2, length);
    const data = { bytes: this.#bytes, view: this.#view, at: at + 10, length };
    if (type === OPT) {
      if (!dissectOptions(this.#bytes, this.#view, data.at, data.at + length, tree)) return false;
      tree.close();
    } else {
      const texts = dissectData(type, data, tree);
      if (texts === undefined) return false;
      this.#tell(texts.info);
      tree.close(title + texts.line);
    }
    this.#at = data.at + length;
    return true;
  }

  /** The name of a record; a service's is told in parts (RFC 2782). */
  #writeOwner(type: number, name: string, at: number, length: number): void {
    if (type !== SRV) {
      this.#tree.add(fields.RECORD_NAME, at, length, name);
      return;
    }
    const [service = "", protocol, ...rest] = name.split(".");
    this.#tree.add(fields.SRV_SERVICE, at, length, service);
    if (protocol !== undefined) this.#tree.add(fields.SRV_PROTOCOL, at, length, protocol);
    if (rest.length > 0) this.#tree.add(fields.SRV_NAME, at, length, rest.join("."));
  }

  #writeClassAndTtl(at: number, cls: number): void {
    const tree = this.#tree;
    const ttl = this.#view.getUint32(at + 4);
    tree.add(fields.RECORD_CLASS, at + 2, 2, cls);
    tree.open(fields.TTL, at + 4, 4, ttl, `Time to live: ${ttl} (${spelledDuration(ttl)})`);
    if (ttl >= TTL_HIGH_BIT) tree.expert(fields.TTL_HIGH_BIT);
    tree.close();
  }

  /** OPT says in its class and TTL what else a head would (RFC 6891 §6.1.3). */
  #writeExtension(at: number): void {
    const tree = this.#tree;
    const z = this.#view.getUint16(at + 6);
    tree.add(fields.UDP_SIZE, at + 2, 2, this.#view.getUint16(at + 2));
    tree.add(fields.UPPER_RCODE, at + 4, 1, this.#bytes[at + 4] as number);
    tree.add(fields.EDNS_VERSION, at + 5, 1, this.#bytes[at + 5] as number);
    tree.open(fields.Z, at + 6, 2, z);
    tree.add(fields.DNSSEC_OK, at + 6, 2, (z & 0x8000) !== 0);
    tree.add(fields.Z_RESERVED, at + 6, 2, z & 0x7fff);
    tree.close();
  }

  #writeTies(ties: MessageTies): void {
    const tree = this.#tree;
    if (ties.responseIn !== undefined) tree.generated(fields.RESPONSE_IN, ties.responseIn, undefined, 0, 0);
    if (ties.requestIn !== undefined) tree.generated(fields.REQUEST_IN, ties.requestIn, undefined, 0, 0);
    if (ties.time !== undefined) tree.generated(fields.TIME, ties.time, undefined, 0, 0);
    if (ties.requestAgain !== undefined) tree.generated(fields.REQUEST_AGAIN, ties.requestAgain, undefined, 0, 0);
    if (ties.responseAgain !== undefined) tree.generated(fields.RESPONSE_AGAIN, ties.responseAgain, undefined, 0, 0);
    if ((ties.requestAgain ?? ties.responseAgain) !== undefined) {
      tree.generated(fields.RETRANSMISSION, true, undefined, 0, 0);
    }
    if (ties.unsolicited === true) tree.generated(fields.UNSOLICITED, true, undefined, 0, 0);
  }

  /** What stands behind the last record. */
  #writeRest(): void {
    const tree = this.#tree;
    const length = this.#bytes.length - this.#at;
    tree.open(PART, this.#at, length, undefined, `Extraneous Data (${length} bytes)`);
    tree.add(fields.EXTRANEOUS_DATA, this.#at, length, this.#bytes.subarray(this.#at));
    tree.generated(fields.EXTRANEOUS_LENGTH, length);
    tree.open(PART, this.#at, length, undefined, "Extraneous data");
    tree.expert(fields.EXTRANEOUS);
    tree.close();
    tree.close();
  }
}

const { response, opcode, authoritative, truncated, recursionDesired, recursionAvailable } = fields.FLAG_BITS;
const { reserved, authenticData, authenticDataAsked, checkingDisabled, rcode } = fields.FLAG_BITS;
const RESPONSE_BITS = [
  ...[response, opcode, authoritative, truncated, recursionDesired, recursionAvailable],
  ...[reserved, authenticData, checkingDisabled, rcode],
];
const QUERY_BITS = [response, opcode, truncated, recursionDesired, reserved, checkingDisabled];
const SECURE_QUERY_BITS = [...QUERY_BITS.slice(0, -1), authenticDataAsked, checkingDisabled];

const hex = (number: number): string => number.toString(16).padStart(4, "0");

/** The same tree, in which offsets count from a later place. */
function shifted(tree: TreeBuilder, by: number): TreeBuilder {
  return {
    add: (definition, offset, ...rest) => tree.add(definition, offset + by, ...rest),
    hidden: (definition, offset, ...rest) => tree.hidden(definition, offset + by, ...rest),
    open: (definition, offset, ...rest) => tree.open(definition, offset + by, ...rest),
    generated: (definition, value, text, offset, length) => tree.generated(definition, value, text, offset, length),
    openGenerated: (definition, value, text, offset, length) =>
      tree.openGenerated(definition, value, text, offset, length),
    close: (...given) => tree.close(...given),
    expert: (...given) => tree.expert(...given),
    malformed: (protocol) => tree.malformed(protocol),
    get shown() {
      return tree.shown;
    },
    columns: (columns) => tree.columns(columns),
    beginSource: (name, bytes) => tree.beginSource(name, bytes),
    enterSource: (...given) => tree.enterSource(...given),
    endSource: () => tree.endSource(),
    guarded: (protocol, dissect) => tree.guarded(protocol, dissect),
    naming: (...given) => tree.naming(...given),
  };
}
