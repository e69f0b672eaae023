/** tshark's dissection of a capture, read from the XML that it writes: every field with its name, value, place and line. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TsharkField {
  readonly name: string;
  readonly show: string;
  /** The line of the tree; for a line without a name, its text. */
  readonly line: string;
  readonly offset: number;
  readonly length: number;
  readonly hidden: boolean;
  readonly children: TsharkField[];
}

export interface TsharkFrame {
  readonly layers: TsharkField[];
}

export interface TsharkOptions {
  /** Whether all frames are looked at before any is shown. */
  readonly twoPass?: boolean;
  readonly preferences?: readonly string[];
}

/** What tshark makes of a capture, frame by frame. */
export async function tsharkTrees(capture: Uint8Array, options: TsharkOptions = {}): Promise<TsharkFrame[]> {
  const frames: TsharkFrame[] = [];
  const parser = new Parser((frame) => frames.push(frame));
  await tsharkLines(capture, ["-T", "pdml"], options, (line) => parser.line(line));
  return frames;
}

/** The columns Source, Destination, Protocol and Info of every frame. */
export async function tsharkColumns(capture: Uint8Array, options: TsharkOptions = {}): Promise<string[][]> {
  const columns = ["source", "destination", "protocol", "info"].map((name) => COLUMNS[name] as string);
  const format = columns.map((code, index) => `"c${index}","${code}"`).join(",");
  const rows: string[][] = [];
  const fields = columns.flatMap((_, index) => ["-e", `_ws.col.c${index}`]);
  await tsharkLines(capture, ["-o", `gui.column.format:${format}`, "-T", "fields", ...fields], options, (line) => {
    rows.push(line.split("\t"));
  });
  return rows;
}

const COLUMNS: Readonly<Record<string, string>> = { source: "%s", destination: "%d", protocol: "%p", info: "%i" };

/** Protocols that tshark takes random bytes for. */
const FOREIGN = ["h1", "rpc", "tpkt", "echo"];

/** Runs tshark on a capture, and hands on its lines. */
export async function tsharkLines(
  capture: Uint8Array,
  parameters: readonly string[],
  { twoPass = true, preferences = [] }: TsharkOptions,
  take: (line: string) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "netarium-dissection-"));
  try {
    const file = join(folder, "capture.pcapng");
    writeFileSync(file, capture);
    const settings = preferences.flatMap((preference) => ["-o", preference]);
    const passes = twoPass ? ["-2"] : [];
    settings.push(...FOREIGN.flatMap((name) => ["--disable-protocol", name]));
    const environment = { ...process.env, TZ: "UTC", LC_ALL: "C.UTF-8" };
    const child = spawn("tshark", ["-r", file, "-n", ...passes, ...settings, ...parameters], {
      env: environment,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    let rest = "";
    for await (const chunk of child.stdout.setEncoding("utf8")) {
      const lines = (rest + chunk).split("\n"); // a CR belongs to what it stands in
      rest = lines.pop() ?? "";
      for (const line of lines) take(line);
    }
    if (rest !== "") take(rest);
    const status = await ended;
    if (status !== 0) throw new Error(`tshark ended with ${status}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

class Parser {
  readonly #found: (frame: TsharkFrame) => void;
  #open: TsharkField[] = [];
  #layers: TsharkField[] = [];
  /** An element whose end has not come yet. */
  #begun = "";

  constructor(found: (frame: TsharkFrame) => void) {
    this.#found = found;
  }

  line(line: string): void {
    // tshark writes a value's line feeds as they are.
    this.#begun = this.#begun === "" ? line.trimStart() : `${this.#begun}\n${line}`;
    if (this.#begun.startsWith("<") && !this.#begun.endsWith(">")) return;
    const text = this.#begun;
    this.#begun = "";
    if (text.startsWith("<packet>")) {
      this.#layers = [];
      this.#open = [];
    } else if (text.startsWith("</packet>")) {
      this.#found({ layers: this.#layers });
    } else if (text.startsWith("</")) {
      this.#open.pop();
    } else if (text.startsWith("<proto ") || text.startsWith("<field ")) {
      this.#element(text);
    }
  }

  #element(text: string): void {
    const attributes = attributesOf(text);
    const name = attributes.get("name") ?? "";
    const show = attributes.get("show") ?? "";
    const field: TsharkField = {
      name,
      show: name === "" ? "" : show,
      line: attributes.get("showname") ?? show,
      offset: Number(attributes.get("pos") ?? -1),
      length: Number(attributes.get("size") ?? -1),
      hidden: attributes.get("hide") === "yes",
      children: [],
    };
    // What no dissector knows stands in a wrapper that is no field, and has no place of its own.
    const skipped = name === "geninfo" || name === "fake-field-wrapper";
    const parent = this.#open.findLast(({ name }) => name !== "fake-field-wrapper");
    if (!skipped && this.#open.every(({ name }) => name !== "geninfo")) (parent?.children ?? this.#layers).push(field);
    if (!text.endsWith("/>")) this.#open.push(field);
  }
}

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = "", value = ""] of text.matchAll(/ ([a-z]+)="([^"]*)"/g)) found.set(name, unescaped(value));
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|([a-z]+));/gi, (_, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return ENTITIES[name ?? ""] ?? "";
  });
