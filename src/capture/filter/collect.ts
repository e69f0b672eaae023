import type { Dissection, Field, Found } from "../dissect/field.ts";
import type { Facts } from "./facts.ts";

/** The fields of one frame that a filter asks for, by the places that it gave to their names. */
export class Collected {
  readonly lists: Found[][];
  readonly #places: ReadonlyMap<string, number>;
  #dissection: Dissection | undefined;
  #facts: Facts | undefined;
  /** By place, of what is found without a dissection: whether it was asked for, and whether it could be told. */
  readonly #asked: (boolean | undefined)[] = [];

  constructor(places: ReadonlyMap<string, number>) {
    this.#places = places;
    this.lists = Array.from({ length: places.size }, () => []);
  }

  /** Goes through a frame's tree, once. */
  collect(dissection: Dissection): void {
    for (const list of this.lists) list.length = 0;
    this.#dissection = dissection;
    this.#facts = undefined;
    this.#visit(dissection.layers);
  }

  /** Looks at a frame that is not dissected; its fields are found as they are asked for. */
  glance(facts: Facts): void {
    this.#facts = facts;
    for (let place = 0; place < this.lists.length; place++) this.#asked[place] = undefined;
  }

  /** Whether a protocol stands in a frame that is glanced at; undefined when that is not known. */
  has(protocol: string): boolean | undefined {
    return this.#facts?.has(protocol);
  }

  /** Finds all fields of a name, of a frame that is glanced at. @returns false when it takes a dissection to tell */
  finds(name: string): boolean {
    const place = this.#places.get(name);
    if (place === undefined || this.#facts === undefined) return false;
    const asked = this.#asked[place];
    if (asked !== undefined) return asked;
    const list = this.lists[place] as Found[];
    list.length = 0;
    const found = this.#facts.find(name, list);
    this.#asked[place] = found;
    return found;
  }

  /** The bytes that a field stands for; those of a protocol go on to the end of what it was given. */
  bytes(field: Found): Uint8Array {
    if (this.#facts !== undefined) return this.#facts.bytes(field);
    const source = this.#dissection?.sources[field.source]?.bytes ?? NOTHING;
    const { offset, length, definition } = field;
    if (definition.type !== "protocol") return source.subarray(offset, offset + length);
    if (definition.name === "frame") return source;
    return source.subarray(offset, Math.max(offset + length, this.#end(field, source.length)));
  }

  #visit(fields: readonly Field[]): void {
    for (const field of fields) {
      const place = this.#places.get(field.definition.name);
      if (place !== undefined) (this.lists[place] as Found[]).push(field);
      if (field.children.length > 0) this.#visit(field.children);
    }
  }

  /** A datagram ends where its length says, before the padding of the frame. */
  #end(field: Found, whole: number): number {
    let end = whole;
    for (const layer of this.#dissection?.layers ?? []) {
      if (layer.source !== field.source || layer.offset > field.offset || layer.definition.name !== "ip") continue;
      const total = layer.children.find(({ definition }) => definition.name === "ip.len")?.value;
      if (typeof total === "number") end = Math.min(end, layer.offset + total);
    }
    return end;
  }
}

const NOTHING = new Uint8Array(0);
