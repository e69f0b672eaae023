import type { Expert, TreeBuilder } from "./dissector.ts";
import {
  EXPERT,
  EXPERT_GROUP,
  EXPERT_MESSAGE,
  EXPERT_SEVERITY,
  GROUPS,
  MALFORMED,
  MALFORMED_PART,
  SEVERITIES,
} from "./expert.ts";
import type { ByteSource, Columns, Dissection, Field, FieldDefinition, FieldValue } from "./field.ts";
import { lineOf } from "./field-text.ts";

/** Fields of one frame; what would come after is left out. */
export const FIELDS_LIMIT = 20_000;
/** Parts within parts. */
export const DEPTH_LIMIT = 64;

/** A field while it grows. */
class Line implements Field {
  readonly definition: FieldDefinition;
  value: FieldValue;
  readonly source: number;
  readonly offset: number;
  length: number;
  readonly generated: boolean;
  readonly hidden: boolean;
  children: Line[] = NONE;
  #text: string | undefined;

  constructor(
    definition: FieldDefinition,
    value: FieldValue,
    source: number,
    offset: number,
    length: number,
    text: string | undefined,
    generated: boolean,
    hidden: boolean,
  ) {
    this.definition = definition;
    this.value = value;
    this.source = source;
    this.offset = offset;
    this.length = length;
    this.#text = text;
    this.generated = generated;
    this.hidden = hidden;
  }

  /** Made when it is asked for: a filter looks at values only. */
  get text(): string {
    this.#text ??= lineOf(this.definition, this.value);
    return this.#text;
  }

  set text(text: string) {
    this.#text = text;
  }
}

const NONE: Line[] = [];
/** Stands for every line where none is made. */
const BARE = new Line({ name: "", label: "", type: "none" }, undefined, 0, 0, 0, "", false, false);
/** Layers that are no protocols of the frame. */
const UNNAMED = new Set(["frame", "pkt_comment", "_ws.malformed"]);

/** Makes the tree of one frame. */
export class Tree implements TreeBuilder {
  readonly layers: Line[] = [];
  readonly sources: ByteSource[];
  readonly #open: Line[] = [];
  /** Sources that are open within others, each with where its dissector's bytes begin in it. */
  readonly #bases: { source: number; base: number }[] = [];
  readonly #columns = { source: "", destination: "", protocol: "", info: "" };
  #source = 0;
  #base = 0;
  #fields = 0;
  /** Open parts beyond {@link DEPTH_LIMIT}, which are not made. */
  #beyond = 0;
  readonly #names: string[] = [];
  #namedBefore: string | undefined;
  #malformed = false;
  #protocols: Line | undefined;
  /** Layers stand within what is open below this: a datagram that another quotes. */
  #floor = 0;

  /** No line is made: for what the list shows. */
  readonly columnsOnly: boolean;

  /** @param frame its bytes, to keep @param columnsOnly no line is made: for what the list shows */
  constructor(frame: Uint8Array, columnsOnly = false) {
    this.sources = [{ name: "Frame", bytes: frame }];
    this.columnsOnly = columnsOnly;
  }

  add(definition: FieldDefinition, offset: number, length: number, value: FieldValue, text?: string): void {
    this.#append(definition, value, offset, length, text, false, false);
  }

  generated(definition: FieldDefinition, value: FieldValue, text?: string, offset = 0, length = 0): void {
    this.#append(definition, value, offset, length, text, true, false);
  }

  hidden(definition: FieldDefinition, offset: number, length: number, value: FieldValue, text?: string): void {
    this.#append(definition, value, offset, length, text, false, true);
  }

  open(definition: FieldDefinition, offset: number, length: number, value?: FieldValue, text?: string): void {
    this.#push(this.#append(definition, value, offset, length, text, false, false));
  }

  openGenerated(definition: FieldDefinition, value?: FieldValue, text?: string, offset = 0, length = 0): void {
    this.#push(this.#append(definition, value, offset, length, text, true, false));
  }

  close(text?: string, length?: number): void {
    if (this.#beyond > 0) {
      this.#beyond--;
      return;
    }
    if (this.#open.length <= this.#floor) return;
    const line = this.#open.pop();
    if (line === undefined) return;
    if (text !== undefined) line.text = text;
    if (length !== undefined) line.length = length;
  }

  expert(remark: Expert, message = remark.message, offset = 0, length = 0): void {
    const { severity, group, definition } = remark;
    this.openGenerated(EXPERT, undefined, `Expert Info (${severity}/${group}): ${message}`, offset, length);
    this.#append(definition, undefined, -this.#base, 0, message, true, false);
    this.#append(EXPERT_MESSAGE, message, -this.#base, 0, undefined, true, true);
    this.#append(EXPERT_SEVERITY, SEVERITIES[severity], -this.#base, 0, undefined, true, false);
    this.#append(EXPERT_GROUP, GROUPS[group], -this.#base, 0, undefined, true, false);
    this.close();
    if (group === "Malformed") this.hidden(MALFORMED_PART, offset, 0, undefined, MALFORMED_PART.label);
  }

  malformed(protocol: string): void {
    this.closeAll();
    if (this.#malformed) return;
    this.#malformed = true;
    this.openGenerated(MALFORMED_PART, undefined, `[Malformed Packet: ${protocol}]`);
    this.expert(MALFORMED);
    this.close();
    this.columns({ info: `${this.#columns.info}[Malformed Packet]` });
  }

  columns(columns: Partial<Columns>): void {
    Object.assign(this.#columns, columns);
  }

  naming(before: string | undefined, named: string | undefined): void {
    if (before !== undefined) this.named(before);
    this.#namedBefore = named;
  }

  /** Gives the open part a better text. */
  retitle(text: string): void {
    const line = this.#beyond > 0 ? undefined : this.#open.at(-1);
    if (line !== undefined) line.text = text;
  }

  /** Gives the open part another length. */
  resize(length: number): void {
    const line = this.#beyond > 0 ? undefined : this.#open.at(-1);
    if (line !== undefined) line.length = length;
  }

  /** A field whose value is the protocols of all layers, once they are known. */
  protocolsHere(definition: FieldDefinition): void {
    this.#protocols = this.#append(definition, "", 0, 0, undefined, true, false);
  }

  /** What the list shows so far. */
  get shown(): Columns {
    return this.#columns;
  }

  beginSource(name: string, bytes: Uint8Array): number {
    this.#bases.push({ source: this.#source, base: this.#base });
    this.#source = this.sources.length;
    this.#base = 0;
    this.sources.push({ name, bytes });
    return this.#source;
  }

  enterSource(source: number, base = 0): void {
    this.#bases.push({ source: this.#source, base: this.#base });
    this.#source = source;
    this.#base = base;
  }

  endSource(): void {
    const before = this.#bases.pop();
    if (before === undefined) return;
    this.#source = before.source;
    this.#base = before.base;
  }

  /**
   * Runs a dissector of others. One that reads past the end of its bytes, as those of a damaged message make it, has found
   * them malformed; so has one that fails in any other way, since no packet may end those who look at it.
   */
  guarded<T>(protocol: string, dissect: () => T): T | undefined {
    const depth = this.#bases.length;
    const base = this.#base;
    let done: T | undefined;
    try {
      done = dissect();
    } catch {
      this.malformed(protocol.toUpperCase());
    }
    while (this.#bases.length > depth) this.endSource();
    this.closeAll();
    this.#base = base;
    return done;
  }

  /** Where the bytes begin, in the open source, that offsets count in from here on. @returns where they began before */
  rebase(base: number): number {
    const before = this.#base;
    this.#base = base;
    return before;
  }

  get base(): number {
    return this.#base;
  }

  /** Closes all down to where layers stand. */
  closeAll(): void {
    this.#beyond = 0;
    this.#open.length = this.#floor;
  }

  /** Layers stand within the open part from here on. @returns what {@link unnest} takes to end that */
  nest(): number {
    const floor = this.#floor;
    this.#floor = this.#open.length;
    return floor;
  }

  unnest(floor: number): void {
    this.closeAll();
    this.#floor = floor;
  }

  finish(number: number): Dissection {
    if (this.#protocols !== undefined) this.#protocols.value = this.#names.join(":");
    return { number, layers: this.layers, sources: this.sources, columns: { ...this.#columns } };
  }

  #append(
    definition: FieldDefinition,
    value: FieldValue,
    offset: number,
    length: number,
    text: string | undefined,
    generated: boolean,
    hidden: boolean,
  ): Line {
    if (this.columnsOnly) return BARE;
    const line = new Line(definition, value, this.#source, this.#base + offset, length, text, generated, hidden);
    if (this.#beyond > 0 || ++this.#fields > FIELDS_LIMIT) return line;
    if (definition.type === "protocol" && !hidden && !UNNAMED.has(definition.name)) this.named(definition.name);
    const parent = this.#open.at(-1);
    if (parent === undefined) this.layers.push(line);
    else if (parent.children === NONE) parent.children = [line];
    else parent.children.push(line);
    return line;
  }

  /** Counts a protocol among those of the frame. */
  named(name: string): void {
    if (name === this.#namedBefore) return;
    this.#names.push(name);
  }

  #push(line: Line): void {
    if (this.#open.length >= DEPTH_LIMIT) this.#beyond++;
    else this.#open.push(line);
  }
}
