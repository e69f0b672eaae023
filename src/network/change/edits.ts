import { applySplice, spliceBetween, type TextSplice } from "../../base/text-splice.ts";
import type { NetworkDocument } from "../document.ts";
import type { Input } from "../input-log.ts";
import type { LiveNetwork } from "./live-network.ts";

const DOOR = "edit";

/** The network of a text that was found to be one. @returns undefined when it is none any more */
export type ReadNetwork = (text: string) => NetworkDocument | undefined;

/**
 * The text of a network's document while it runs. Each edit is an input that says which piece of the text becomes another, so that
 * document, seed and inputs give the same run, edits included.
 */
export class Edits {
  readonly #live: LiveNetwork;
  readonly #read: ReadNetwork;
  #text: string;
  /** Called when the network has become what a text says. */
  onEdit: (text: string) => void = () => {};

  /** To be made once for a network, before a record is replayed on it. */
  constructor(live: LiveNetwork, text: string, read: ReadNetwork) {
    this.#live = live;
    this.#text = text;
    this.#read = read;
    live.network.inputs.door(DOOR, (input) => this.#take(input));
  }

  /** What the network that runs was made of. */
  get text(): string {
    return this.#text;
  }

  /** Makes of the network what a text says, when its time has come. @returns false when it was refused, as inputs are */
  submit(text: string): boolean {
    const bytes = new TextEncoder().encode(JSON.stringify(spliceBetween(this.#text, text)));
    return this.#live.network.inputs.submit(DOOR, "splice", bytes);
  }

  #take({ n, bytes }: Input): void {
    const text = applySplice(this.#text, JSON.parse(new TextDecoder().decode(bytes)) as TextSplice);
    const document = text === undefined ? undefined : this.#read(text);
    if (text === undefined || document === undefined) throw new EditError(n);
    this.#text = text;
    this.#live.become(document);
    this.onEdit(text);
  }
}

/** An edit of a record is not of this document, or makes none of it. */
export class EditError extends Error {
  override name = "EditError";
  readonly code = "no-such-edit";

  constructor(n: number) {
    super(`input ${n} edits another document than this`);
  }
}
