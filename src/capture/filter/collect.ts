import type { Dissection, Field } from "../dissect/field.ts";

/** The fields of one frame that a filter asks for, by the places that it gave to their names. */
export class Collected {
  readonly lists: Field[][];
  readonly #places: ReadonlyMap<string, number>;
  #dissection: Dissection | undefined;

  constructor(places: ReadonlyMap<string, number>) {
    this.#places = places;
    this.lists = Array.from({ length: places.size }, () => []);
  }

  /** Goes through a frame's tree, once. */
  collect(dissection: Dissection): void {
    for (const list of this.lists) list.length = 0;
    this.#dissection = dissection;
    this.#visit(dissection.layers);
  }

  /** The bytes that a field stands for; those of a protocol go on to the end of what it was given. */
  bytes(field: Field): Uint8Array {
    const source = this.#dissection?.sources[field.source]?.bytes ?? NOTHING;
    const { offset, length, definition } = field;
    if (definition.type !== "protocol") return source.subarray(offset, offset + length);
    if (definition.name === "frame") return source;
    return source.subarray(offset, Math.max(offset + length, this.#end(field, source.length)));
  }

  #visit(fields: readonly Field[]): void {
    for (const field of fields) {
      const place = this.#places.get(field.definition.name);
      if (place !== undefined) (this.lists[place] as Field[]).push(field);
      if (field.children.length > 0) this.#visit(field.children);
    }
  }

  /** A datagram ends where its length says, before the padding of the frame. */
  #end(field: Field, whole: number): number {
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
