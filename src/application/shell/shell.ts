import { jobLine, type ShellControl } from "./builtins.ts";
import { EXIT_INTERRUPTED, EXIT_USAGE } from "./command.ts";
import { commonStart, complete, inColumns } from "./completion.ts";
import { Executor, type ShellWorld } from "./execute.ts";
import { History } from "./history.ts";
import { Job } from "./job.ts";
import { type AndOr, parseLine } from "./syntax.ts";
import { harmless } from "./terminal/harmless.ts";
import { type Key, type KeyName, KeyReader } from "./terminal/keys.ts";
import { LineEditor } from "./terminal/line-editor.ts";
import { Screen } from "./terminal/screen.ts";
import { HistorySearch } from "./terminal/search.ts";
import { TypedInput } from "./terminal/typed-input.ts";

/** Jobs that one shell may have in the background. */
export const JOBS_LIMIT = 32;

const PROMPT_STYLE = "1;36";
/** A terminal is told to mark what is pasted, so that no line of it runs by itself. */
const BEGIN = "\x1b[?2004h";
/** What a text that is typed or pasted may not hold: it would show in another order than it is read. */
const TURNING = /[\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export interface ShellOptions {
  readonly world: ShellWorld;
  readonly host: string;
  readonly columns: number;
  /** Whether lines may lead to other hosts: `@pc2 ping pc1`. */
  readonly switches: boolean;
  /** Takes what the terminal is sent. */
  readonly output: (text: string) => void;
  /** The shell has ended. */
  readonly closed: () => void;
}

/** A shell on a host, at a terminal. What is typed comes in as an xterm sends it; nothing waits for it. */
export class Shell {
  readonly #world: ShellWorld;
  readonly #keys = new KeyReader();
  readonly #editor = new LineEditor();
  readonly #history = new History();
  readonly #typed = new TypedInput();
  readonly #screen: Screen;
  readonly #executor: Executor;
  readonly #control: ShellControl;
  readonly #closed: () => void;
  readonly #background: Job[] = [];
  #search: HistorySearch | undefined;
  #host: string;
  #foreground: Job | undefined;
  #busy = false;
  #over = false;
  #status = 0;
  /** Lines to run once the one that runs has ended. */
  #waiting: string[] = [];
  /** Whether Tab was the last key, and found more than one way on. */
  #asked = false;

  constructor({ world, host, columns, switches, output, closed }: ShellOptions) {
    this.#world = world;
    this.#host = host;
    this.#closed = closed;
    this.#screen = new Screen(columns, output);
    const screen = this.#screen;
    const terminal = {
      get columns() {
        return screen.columns;
      },
      write: (text: string) => this.#write(text),
      read: (job: Job) => this.#typed.read(job),
      leave: (job: Job) => this.#typed.leave(job),
    };
    this.#control = this.#makeControl(switches);
    this.#executor = new Executor(world, terminal, this.#control);
    output(BEGIN);
    this.#screen.write(`This is ${host}. help lists the commands.\n`);
    this.#prompt();
  }

  /** The host that commands run on. */
  get host(): string {
    return this.#host;
  }

  /** What shows everything that stands on the terminal on an empty one. */
  get shown(): string {
    return BEGIN + this.#screen.shown;
  }

  /** Whether a command is awaited and none is typed. */
  get isIdle(): boolean {
    return !this.#busy && this.#editor.characters.length === 0;
  }

  /** Takes what was typed. */
  input(text: string): void {
    for (const key of this.#keys.read(text)) {
      if (this.#over) return;
      if (this.#busy) this.#pressBelow(key);
      else this.#pressAtPrompt(key);
    }
  }

  resize(columns: number): void {
    this.#screen.resize(columns);
  }

  /** Shows lines that are not the shell's own, above what is typed. */
  tell(text: string): void {
    this.#screen.writeLines(harmless(text));
  }

  /** Ends the shell, and all that it has started. */
  hangUp(): void {
    if (this.#over) return;
    this.#over = true;
    this.#waiting = [];
    for (const job of [this.#foreground, ...this.#background]) job?.interrupt();
  }

  #makeControl(switches: boolean): ShellControl {
    const shell = this;
    return {
      switches,
      jobs: this.#background,
      get history() {
        return shell.#history.lines;
      },
      get commands() {
        const { commands } = shell.#world;
        return new Map(
          [...[...commands.values()], ...shell.#executor.builtins].map((each) => [each.name, each]),
        ).values();
      },
      clear: () => this.#screen.clear(),
      exit: () => this.#exit(),
      foreground: (job) => this.#awaitInForeground(job),
      wait: (job) => job.ended,
      goTo: (host) => {
        if (!this.#world.hosts.some(({ name }) => name === host)) return false;
        this.#host = host;
        return true;
      },
    };
  }

  #write(text: string): void {
    if (!this.#over) this.#screen.write(text);
  }

  #exit(): void {
    if (this.#over) return;
    this.hangUp();
    this.#closed();
  }

  /** Asks for the next line, or runs one that was typed already. */
  #prompt(): void {
    if (this.#over) return;
    this.#busy = false;
    const decoder = new TextDecoder();
    const typed = this.#typed.take().map((line) => decoder.decode(line));
    this.#waiting.push(...typed.join("").split("\n").filter(Boolean));
    while (!this.#busy && !this.#over) {
      const line = this.#waiting.shift();
      if (line === undefined) {
        this.#show();
        return;
      }
      const draft = this.#editor.text;
      this.#editor.set(line);
      this.#show();
      this.#enter();
      this.#editor.set(draft);
    }
  }

  #show(): void {
    const { characters, cursor } = this.#editor;
    const search = this.#search;
    if (search !== undefined) {
      const found = [...search.line];
      this.#screen.edit({ prompt: search.prompt, characters: found, cursor: found.length });
    } else if (this.#busy) this.#screen.edit({ prompt: "", characters: [...characters], cursor });
    else this.#screen.edit({ prompt: `${this.#host}$ `, style: PROMPT_STYLE, characters: [...characters], cursor });
  }

  #pressAtPrompt(key: Key): void {
    const asked = this.#asked;
    this.#asked = false;
    if (this.#search !== undefined && this.#pressInSearch(key, this.#search)) return;
    if (key.kind === "text") this.#insert(key.text);
    else if (key.kind === "paste")
      this.#insert(
        key.text
          .trimEnd()
          .replaceAll(/\s*[\r\n]+\s*/g, "; ")
          .replaceAll("\t", " "),
      );
    else if (!this.#pressKey(key.name, asked)) this.#editor.press(key.name);
    if (!this.#busy && !this.#over) this.#show();
  }

  /** @returns false for a key that may be the line editor's */
  #pressKey(name: KeyName, asked: boolean): boolean {
    switch (name) {
      case "enter":
        this.#enter();
        return true;
      case "tab":
        this.#complete(asked);
        return true;
      case "up":
      case "ctrl-p":
        this.#recall(this.#history.earlier(this.#editor.text));
        return true;
      case "down":
      case "ctrl-n":
        this.#recall(this.#history.later());
        return true;
      case "ctrl-r":
        this.#search = new HistorySearch(this.#history);
        return true;
      case "ctrl-y":
        if (!this.#editor.yank()) this.#screen.bell();
        return true;
      case "ctrl-l":
        this.#screen.clear();
        return true;
      case "ctrl-c":
        this.#abandon();
        this.#status = EXIT_INTERRUPTED;
        return true;
      case "ctrl-d":
        if (this.#editor.characters.length > 0) this.#editor.press("delete");
        else {
          this.#screen.commit();
          this.#exit();
        }
        return true;
      default:
        return false;
    }
  }

  /** @returns false for a key that ends the search, and goes on to the line that was found */
  #pressInSearch(key: Key, search: HistorySearch): boolean {
    if (key.kind === "text") search.extend(key.text);
    else if (key.kind === "key" && key.name === "ctrl-r") search.earlier();
    else if (key.kind === "key" && key.name === "backspace") search.shorten();
    else {
      this.#search = undefined;
      if (key.kind === "key" && (key.name === "ctrl-c" || key.name === "ctrl-g")) {
        this.#show();
        return true;
      }
      this.#editor.set(search.line);
      this.#show();
      return false;
    }
    this.#show();
    return true;
  }

  #insert(text: string): void {
    if (!this.#editor.insert(harmless(text.replaceAll(TURNING, "")))) this.#screen.bell();
  }

  #recall(line: string | undefined): void {
    if (line === undefined) this.#screen.bell();
    else this.#editor.set(line);
  }

  /** Shows that what is typed comes to nothing. */
  #abandon(): void {
    this.#editor.set(`${this.#editor.text}^C`);
    this.#show();
    this.#editor.set("");
    this.#screen.commit();
  }

  #complete(asked: boolean): void {
    const { characters, cursor } = this.#editor;
    const { hosts } = this.#world;
    const { length, candidates } = complete(characters.slice(0, cursor).join(""), {
      commands: [...this.#control.commands],
      hosts: [...hosts.flatMap(({ name, addresses }) => [name, ...addresses]), "localhost"],
      files: this.#world.files(this.#host).paths,
      switches: this.#control.switches,
    });
    const [only, second] = candidates;
    const typed = characters.slice(cursor - length, cursor).join("");
    const start = commonStart(candidates);
    if (only !== undefined && second === undefined) {
      const text = only.endsWith("=") ? only : `${only} `;
      if (!this.#editor.replaceBefore(length, text)) this.#screen.bell();
    } else if (start.length > typed.length) this.#editor.replaceBefore(length, start);
    else {
      if (asked && second !== undefined) this.#screen.writeLines(inColumns(candidates, this.#screen.columns));
      else this.#screen.bell();
      this.#asked = !asked;
    }
  }

  #enter(): void {
    const line = this.#editor.text;
    this.#editor.set("");
    this.#screen.commit();
    this.#history.add(line);
    const items = parseLine(line);
    if (typeof items === "string") {
      this.#screen.write(`shell: ${items}\n`);
      this.#status = EXIT_USAGE;
      return;
    }
    if (items.length === 0) return;
    this.#busy = true;
    void this.#run(items).then(() => this.#prompt());
  }

  async #run(items: readonly AndOr[]): Promise<void> {
    for (const item of items) {
      const job = new Job(item.text);
      job.ended = this.#execute(job, item);
      if (item.background) this.#toBackground(job, `[${this.#freeNumber()}] started\n`);
      else this.#status = await this.#awaitInForeground(job);
      if (job.interrupted || this.#over) return;
    }
  }

  async #execute(job: Job, item: AndOr): Promise<number> {
    if (item.background && this.#background.length >= JOBS_LIMIT) {
      this.#write(`shell: more than ${JOBS_LIMIT} jobs are not allowed\n`);
      return 1;
    }
    const status = await this.#executor.run(item, { job, host: this.#host, status: this.#status });
    job.status = status;
    const at = this.#background.indexOf(job);
    if (at >= 0) {
      if (job !== this.#foreground)
        this.#screen.writeLines(jobLine(job, this.#background, status === 0 ? "Done" : `Exit ${status}`));
      this.#background.splice(at, 1);
    }
    return status;
  }

  #freeNumber(): number {
    return Math.max(0, ...this.#background.map(({ number }) => number)) + 1;
  }

  #toBackground(job: Job, told: string): void {
    if (job.status !== undefined) return;
    if (!this.#background.includes(job)) {
      job.number = this.#freeNumber();
      this.#background.push(job);
    }
    if (!this.#over) this.#screen.writeLines(told);
  }

  /** Until it has ended or was sent to the background. @returns its status; 0 in the background */
  async #awaitInForeground(job: Job): Promise<number> {
    const before = this.#foreground;
    this.#foreground = job;
    this.#typed.owner = job;
    const left = new Promise<number>((resolve) => {
      job.onBackground = () => resolve(0);
    });
    const status = await Promise.race([job.ended, left]);
    job.onBackground = undefined;
    this.#foreground = before;
    this.#typed.owner = before;
    return status;
  }

  /** While a command runs: lines are typed for it. */
  #pressBelow(key: Key): void {
    if (key.kind === "text") this.#insert(key.text);
    else if (key.kind === "paste") this.#pasteBelow(key.text);
    else if (key.name === "enter") this.#send("\n");
    else if (key.name === "ctrl-d" && this.#editor.characters.length === 0) this.#typed.push(undefined);
    else if (key.name === "ctrl-d") this.#send("");
    else if (key.name === "ctrl-c") this.#interrupt();
    else if (key.name === "ctrl-\\") this.#foreground?.kill();
    else if (key.name === "ctrl-z") this.#suspend();
    else if (key.name === "tab") this.#insert(" ");
    else this.#editor.press(key.name);
    this.#show();
  }

  #pasteBelow(text: string): void {
    const lines = text.replaceAll("\t", " ").split(/\r\n?|\n/);
    for (const [index, line] of lines.entries()) {
      this.#insert(line);
      if (index < lines.length - 1) this.#send("\n");
    }
  }

  #send(end: string): void {
    const text = this.#editor.text + end;
    if (!this.#typed.push(new TextEncoder().encode(text))) {
      this.#screen.bell();
      return;
    }
    this.#show();
    this.#editor.set("");
    this.#screen.commit();
  }

  /** Asks what is in the foreground to end; a second time, ends it. */
  #interrupt(): void {
    this.#abandon();
    this.#typed.take();
    this.#waiting = [];
    const job = this.#foreground;
    if (job?.interrupted) job.kill();
    else job?.interrupt();
  }

  #suspend(): void {
    const job = this.#foreground;
    if (job?.onBackground === undefined) return;
    this.#toBackground(job, "");
    this.#screen.writeLines(jobLine(job, this.#background, "Running"));
    job.onBackground();
  }
}
