/** What `-v` tells: `>` before what goes out, `<` before what comes in, `*` before everything else. */
export class Trace {
  readonly #write: (text: string) => void;
  readonly #on: boolean;

  constructor(on: boolean, write: (text: string) => void) {
    this.#on = on;
    this.#write = write;
  }

  note(text: string): void {
    if (this.#on) this.#write(`* ${text}\n`);
  }

  /** The head of a request, with the empty line after it. */
  sent(head: string): void {
    this.#tell(">", linesOf(head));
  }

  /** The head of an answer. @param whole whether the empty line after it is told as well */
  received(head: string, whole: boolean): void {
    const lines = linesOf(head);
    this.#tell("<", whole ? lines : lines.slice(0, -1));
  }

  #tell(mark: string, lines: readonly string[]): void {
    if (this.#on) this.#write(lines.map((line) => `${mark} ${line}\n`).join(""));
  }
}

/** Each keeps its CR, as in curl. */
const linesOf = (head: string): string[] => head.replace(/\n$/, "").split("\n");
