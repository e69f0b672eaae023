import type { FieldDefinition } from "../dissect/field.ts";

/** Candidates that are told at once. */
const CANDIDATES = 50;

export interface Candidate {
  readonly name: string;
  readonly label: string;
  readonly type: string;
}

/** The names that filters know. One name may have several definitions, which differ in the width or the kind of number. */
export class FieldTable {
  readonly #fields = new Map<string, FieldDefinition[]>();
  readonly #protocols = new Set<string>();
  readonly #names: string[];

  constructor(definitions: Iterable<FieldDefinition>) {
    for (const definition of definitions) {
      const { name, type } = definition;
      if (name === "") continue;
      const known = this.#fields.get(name);
      if (known === undefined) this.#fields.set(name, [definition]);
      else if (!known.includes(definition)) known.push(definition);
      if (type === "protocol") this.#protocols.add(name);
    }
    this.#names = [...this.#fields.keys()].sort();
  }

  /** In order of the alphabet. */
  get names(): readonly string[] {
    return this.#names;
  }

  get(name: string): readonly FieldDefinition[] | undefined {
    return this.#fields.get(name);
  }

  isProtocol(name: string): boolean {
    return this.#protocols.has(name);
  }

  /** The protocol that a field belongs to by its name; undefined for what may stand anywhere. */
  protocolOf(name: string): string | undefined {
    if (this.#protocols.has(name)) return name;
    const first = name.split(".", 1)[0] as string;
    return first !== "frame" && this.#protocols.has(first) ? first : undefined;
  }

  /**
   * Names that may stand where the cursor is: those that begin with what stands before it.
   * @param at the cursor, counted in letters @returns where that begins, and the names; none within a string
   */
  complete(text: string, at: number): { from: number; candidates: Candidate[] } {
    const before = text.slice(0, at);
    const [begun = ""] = /[A-Za-z_][\w.-]*$/.exec(before) ?? [];
    const from = at - begun.length;
    const quotes = before.replace(/\\./g, "").split('"').length - 1;
    if (begun === "" || quotes % 2 === 1) return { from: at, candidates: [] };
    const wanted = begun.toLowerCase();
    const candidates: Candidate[] = [];
    for (const name of this.#names) {
      if (!name.toLowerCase().startsWith(wanted)) continue;
      const { label, type } = (this.#fields.get(name) as FieldDefinition[])[0] as FieldDefinition;
      candidates.push({ name, label, type });
      if (candidates.length === CANDIDATES) break;
    }
    return { from, candidates };
  }
}
