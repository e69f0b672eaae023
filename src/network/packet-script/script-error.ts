/** A script that cannot be read or that says something the host under test did not do. */
export class ScriptError extends Error {
  override name = "ScriptError";
  /** From 1. */
  readonly line: number;

  /** @param message may have several lines, the first the most telling */
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}
