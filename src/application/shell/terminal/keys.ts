/** What is typed at a terminal: letters, a key, or a text that was pasted. */
export type Key =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "paste"; readonly text: string }
  | { readonly kind: "key"; readonly name: KeyName };

export type KeyName =
  | ("enter" | "tab" | "backspace" | "delete" | "escape")
  | (
      | "up"
      | "down"
      | "left"
      | "right"
      | "home"
      | "end"
      | "word-left"
      | "word-right"
      | "delete-word"
      | "delete-word-right"
    )
  | `ctrl-${string}`;

/** Letters of a control sequence that has not ended yet, or of a paste, that are kept. */
const SEQUENCE_LIMIT = 64;
const PASTE_LIMIT = 65_536;
const PASTE_BEGINS = "\x1b[200~";
const PASTE_ENDS = "\x1b[201~";

/** Control sequences of xterm in normal and application mode (ECMA-48 §8, "XTerm Control Sequences"). */
const SEQUENCES: ReadonlyMap<string, KeyName> = new Map([
  ...(["\x1b[", "\x1bO"] as const).flatMap((lead): [string, KeyName][] => [
    [`${lead}A`, "up"],
    [`${lead}B`, "down"],
    [`${lead}C`, "right"],
    [`${lead}D`, "left"],
    [`${lead}H`, "home"],
    [`${lead}F`, "end"],
  ]),
  ["\x1b[1~", "home"],
  ["\x1b[7~", "home"],
  ["\x1b[4~", "end"],
  ["\x1b[8~", "end"],
  ["\x1b[3~", "delete"],
  ["\x1b[1;5C", "word-right"],
  ["\x1b[1;3C", "word-right"],
  ["\x1b[1;5D", "word-left"],
  ["\x1b[1;3D", "word-left"],
  ["\x1b[3;5~", "delete-word-right"],
  ["\x1bf", "word-right"],
  ["\x1bb", "word-left"],
  ["\x1bd", "delete-word-right"],
  ["\x1b\x7f", "delete-word"],
]);

const CONTROLS: ReadonlyMap<string, KeyName> = new Map([
  ["\r", "enter"],
  ["\n", "enter"],
  ["\t", "tab"],
  ["\x7f", "backspace"],
  ["\b", "backspace"],
]);

/** Reads what a terminal sends, in pieces that may be cut anywhere. */
export class KeyReader {
  #rest = "";

  /** The keys that a piece completes. */
  read(piece: string): Key[] {
    const text = this.#rest + piece;
    this.#rest = "";
    const keys: Key[] = [];
    let at = 0;
    while (at < text.length) {
      const end = this.#one(text, at, keys);
      if (end === undefined) {
        this.#rest = text.slice(at);
        break;
      }
      at = end;
    }
    return keys;
  }

  /** @returns where the next key begins; undefined when this one has not ended */
  #one(text: string, at: number, keys: Key[]): number | undefined {
    const first = text.charAt(at);
    if (first === "\x1b") return this.#sequence(text, at, keys);
    const control = CONTROLS.get(first);
    const code = first.charCodeAt(0);
    if (control !== undefined) keys.push({ kind: "key", name: control });
    else if (code < 0x20) keys.push({ kind: "key", name: `ctrl-${String.fromCharCode(code + 0x40).toLowerCase()}` });
    else if (code < 0x80 || code > 0x9f) {
      const [letters = ""] = /^\P{Cc}+/u.exec(text.slice(at)) ?? [];
      keys.push({ kind: "text", text: letters });
      return at + letters.length;
    }
    return at + 1;
  }

  #sequence(text: string, at: number, keys: Key[]): number | undefined {
    if (text.startsWith(PASTE_BEGINS, at)) return this.#paste(text, at, keys);
    const rest = text.slice(at + 1, at + SEQUENCE_LIMIT);
    const [found] = /^(?:\[[0-?]*[ -/]*[@-~]|O[ -~]|[^[O])/.exec(rest) ?? [];
    if (found === undefined) {
      // Escape alone is told by what follows; what is no sequence after so many letters will not become one.
      return rest.length < SEQUENCE_LIMIT - 1 && /^(?:\[[0-?]*[ -/]*|O)?$/.test(rest) ? undefined : at + 1;
    }
    const sequence = `\x1b${found}`;
    const name = SEQUENCES.get(sequence);
    if (name !== undefined) keys.push({ kind: "key", name });
    else if (sequence === "\x1b\x1b") {
      keys.push({ kind: "key", name: "escape" });
      return at + 1;
    }
    return at + sequence.length;
  }

  #paste(text: string, at: number, keys: Key[]): number | undefined {
    const begin = at + PASTE_BEGINS.length;
    const end = text.indexOf(PASTE_ENDS, begin);
    if (end < 0 && text.length - begin < PASTE_LIMIT) return undefined;
    keys.push({ kind: "paste", text: text.slice(begin, end < 0 ? begin + PASTE_LIMIT : end) });
    return end < 0 ? text.length : end + PASTE_ENDS.length;
  }
}
