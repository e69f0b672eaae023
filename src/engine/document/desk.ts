import { isSame } from "../../base/plain-data.ts";
import { beginsAnew } from "../../network/change/live-network.ts";
import type { NetworkDocument } from "../../network/document.ts";
import type { Clockwork } from "../clockwork.ts";
import type { Course } from "../course.ts";
import type {
  DocumentAnswer,
  DocumentCheck,
  DocumentCommand,
  DocumentState,
  DocumentStep,
  ExampleInfo,
} from "../protocol/document.ts";
import type { Fragment } from "../protocol/written.ts";
import { RequestError } from "../request-error.ts";
import { History } from "./history.ts";
import { KnownTexts } from "./known-texts.ts";
import { exampleInfo, stepOf } from "./steps.ts";
import type { DocumentRead, DocumentTools, Example, NoDocument } from "./tools.ts";

export interface DeskOptions {
  readonly tools: DocumentTools;
  readonly text: string;
  readonly file: string;
  readonly clockwork: Clockwork;
  /** In place of the document's, if somebody has said one. */
  readonly seed: () => number | undefined;
  /** Runs a document from its beginning, in place of the network that is. */
  readonly begin: (document: DocumentRead, opened: Opened | undefined) => Promise<void>;
  /** The network has become what a document says. */
  readonly onEdit: (document: NetworkDocument) => Promise<void>;
  /** There is something to tell of the document. */
  readonly onChange: () => void;
}

/** How another network is opened. */
export interface Opened {
  readonly file: string;
  /** Whether time goes on. */
  readonly play: boolean;
}

/** Where an edit begins: what was seen, and whether the network may begin anew by it. */
export interface Seen {
  readonly version: number;
  readonly anew?: boolean;
}

/** The document on which the network stands, as it is edited: one edit after the other, each a step that can be undone. */
export class Desk {
  readonly #options: DeskOptions;
  readonly #known: KnownTexts;
  /** The document as it was read; until somebody asks for it there is no need to. */
  #current: DocumentRead | undefined;
  #history: History;
  #file: string;
  /** It was opened from a text: nobody knows whose it is. */
  #isForeign = false;
  #version = 1;
  #told = 1;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: DeskOptions) {
    const { tools, text, file } = options;
    this.#options = options;
    this.#known = new KnownTexts((each) => tools.read(each, this.#isForeign));
    this.#file = file;
    this.#history = new History(text);
  }

  /** Counts what there was to tell: other versions, and that one has been saved. */
  get told(): number {
    return this.#told;
  }

  get file(): string {
    return this.#file;
  }

  get text(): string {
    return this.#history.text;
  }

  get #read(): DocumentRead {
    if (this.#current !== undefined) return this.#current;
    const read = this.#known.read(this.#history.text);
    if (read.document === undefined) {
      throw new RequestError("no-editing", `what runs is no document that can be edited: ${read.problems[0]?.text}`);
    }
    this.#current = read;
    return read;
  }

  /** The network of a text, for replays: of one that was a document. */
  readonly network = (text: string): NetworkDocument | undefined => this.#known.read(text).document;

  get state(): DocumentState {
    const { text, network, problems } = this.#read;
    const { isChanged, undoable, redoable } = this.#history;
    const steps = { undo: undoable, redo: redoable };
    return { version: this.#version, file: this.#file, text, network, problems, changed: isChanged, ...steps };
  }

  edit(seen: Seen, commands: readonly DocumentCommand[]): Promise<DocumentAnswer> {
    return this.#exclusive(seen.version, async () => {
      const next = this.#options.tools.edit(this.#read, commands, this.#isForeign);
      if (next.document === undefined) return refusal(next);
      this.#known.add(next);
      return this.#take(next, seen, () => this.#history.add(next.text, stepOf(commands)), next.added);
    });
  }

  replace(seen: Seen, text: string): Promise<DocumentAnswer> {
    return this.#exclusive(seen.version, () => this.#become(text, seen, () => this.#history.add(text, REPLACED)));
  }

  undo(seen: Seen): Promise<DocumentAnswer> {
    return this.#exclusive(seen.version, () => {
      const { before } = this.#history;
      if (before === undefined) throw new RequestError("nothing-to-undo", "there is nothing to undo");
      return this.#become(before, seen, () => this.#history.undo());
    });
  }

  redo(seen: Seen): Promise<DocumentAnswer> {
    return this.#exclusive(seen.version, () => {
      const { after } = this.#history;
      if (after === undefined) throw new RequestError("nothing-to-redo", "there is nothing to do again");
      return this.#become(after, seen, () => this.#history.redo());
    });
  }

  check(text: string): DocumentCheck {
    const { problems, ...read } = this.#options.tools.read(text, this.#isForeign);
    return "network" in read ? { problems, network: read.network } : { problems };
  }

  saved(version: number): void {
    this.#checkVersion(version);
    this.#history.saved();
    this.#changed();
  }

  copy(devices: readonly string[]): Fragment {
    return this.#options.tools.copy(this.#read.network, devices);
  }

  get examples(): ExampleInfo[] {
    return this.#options.tools.examples.map(({ name, text }) => exampleInfo(name, text, this.#known.read(text)));
  }

  /** @param what a text, or the name of an example */
  open(what: { readonly text?: string; readonly example?: string }, opened: Opened): Promise<DocumentAnswer> {
    const { text, example } = what;
    const found: Example | undefined = this.#options.tools.examples.find(({ name }) => name === example);
    const chosen = text ?? found?.text;
    if (chosen === undefined) {
      throw new RequestError("no-example", `there is no example ${example ?? ""}`, { example: example ?? "" });
    }
    return this.#exclusive(
      this.#version,
      async () => {
        const isForeign = text !== undefined;
        const next = this.#options.tools.read(chosen, isForeign);
        if (next.document === undefined) return refusal(next);
        await this.#options.begin(next, opened);
        this.#isForeign = isForeign;
        this.#known.forget();
        this.#file = opened.file;
        this.#history = new History(chosen);
        return this.#accept(next, []);
      },
      false,
    );
  }

  /** Going back in time has brought another course: its document is the one, if the network is another by it. */
  cameTo({ edits, live }: Course): void {
    // Nobody has edited yet.
    if (this.#current === undefined || isSame(this.#current.document, live.document)) return;
    const read = this.#known.read(edits.text);
    if (read.document === undefined) return;
    this.#history.add(read.text, { what: "time", commands: 1, names: [] });
    this.#accept(read, []);
  }

  #become(text: string, seen: Seen, keep: () => void): Promise<DocumentAnswer> {
    const next = this.#known.read(text);
    return next.document === undefined ? Promise.resolve(refusal(next)) : this.#take(next, seen, keep, []);
  }

  /** Brings the network to what a document says, and then takes that for the document. */
  async #take(
    next: DocumentRead,
    { anew = false }: Seen,
    keep: () => void,
    added: readonly string[],
  ): Promise<DocumentAnswer> {
    const { clockwork, seed, begin, onEdit } = this.#options;
    const { document } = clockwork.course.live;
    if (!isSame(document, next.document)) {
      const what = clockwork.failed === undefined ? beginsAnew(document, next.document, seed()) : "failed";
      if (what !== undefined && !anew) {
        throw new RequestError("begins-anew", `the network begins at 0 with this: its ${WHY[what]}`, { what });
      }
      if (what !== undefined) await begin(next, undefined);
      else {
        await this.#change(next.text);
        await onEdit(next.document);
      }
    }
    keep();
    return this.#accept(next, added);
  }

  /** A network that fails by what it has become is what the text says all the same. */
  async #change(text: string): Promise<void> {
    const { clockwork } = this.#options;
    try {
      await clockwork.change(({ edits }) => edits.submit(text));
    } catch (error) {
      if (clockwork.course.edits.text !== text) throw error;
    }
  }

  #accept(next: DocumentRead, added: readonly string[]): DocumentAnswer {
    this.#current = next;
    this.#version++;
    this.#changed();
    return { taken: true, version: this.#version, added };
  }

  #changed(): void {
    this.#told++;
    this.#options.onChange();
  }

  #checkVersion(version: number): void {
    if (version === this.#version) return;
    const text = `the document has become another meanwhile: version ${this.#version}`;
    throw new RequestError("document-version", text, { version: this.#version });
  }

  async #exclusive<T>(version: number, work: () => Promise<T>, checks = true): Promise<T> {
    const done = this.#last.then(() => {
      if (checks) this.#checkVersion(version);
      if (this.#options.clockwork.replacing) throw new RequestError("replaying", "a rewind is under way: wait for it");
      return work();
    });
    this.#last = done.catch(() => {});
    return done;
  }
}

const REPLACED: DocumentStep = { what: "replace", commands: 1, names: [] };

const WHY = {
  seed: "seed is another",
  epoch: "date at the beginning is another",
  failed: "run has failed",
} as const;

const refusal = ({ problems }: NoDocument): DocumentAnswer => ({ taken: false, problems });
