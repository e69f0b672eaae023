import type { CommandRun } from "./command.ts";

/** What a line of a shell has started, from its first command to its last. */
export class Job {
  /** As it was typed. */
  readonly text: string;
  /** In the table of jobs; 0 for one that nobody may name. */
  number = 0;
  /** Resolves with its exit status. */
  ended: Promise<number> = Promise.resolve(0);
  /** Its exit status, once it has ended. */
  status: number | undefined;
  /** Whether it was asked to end: nothing more of it is started. */
  interrupted = false;
  /** Called when it goes to the background. */
  onBackground: (() => void) | undefined;
  readonly #running = new Set<CommandRun>();

  constructor(text: string) {
    this.text = text;
  }

  add(run: CommandRun): void {
    this.#running.add(run);
    void run.ended.then(() => this.#running.delete(run));
    if (this.interrupted) run.interrupt();
  }

  interrupt(): void {
    this.interrupted = true;
    for (const run of this.#running) run.interrupt();
  }

  kill(): void {
    this.interrupted = true;
    for (const run of this.#running) run.kill();
  }
}
