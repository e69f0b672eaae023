import { ScriptError } from "../../application/script/scripts.ts";

/** JavaScript with the lines of the TypeScript that it was. */
export interface Stripped {
  readonly code: string;
  /** Whether a line stands as it was written, so that a column in it is one of what was written. */
  isUnchanged(line: number): boolean;
}

interface SyntaxProblem {
  readonly message: string;
  readonly loc?: { readonly line: number; readonly column: number };
}

/** How often each letter of a script may be looked at, and how many letters beside. */
const LOOKS_PER_LETTER = 200;
const LOOKS = 100_000;

/**
 * Takes the types out of a script. @param name as errors are to name it
 * @throws ScriptError with the place, for what is no TypeScript
 */
export async function stripTypes(source: string, name: string): Promise<Stripped> {
  const { transform } = await import("sucrase");
  try {
    const { code } = transform(new CountedText(source) as unknown as string, {
      transforms: ["typescript"],
      disableESTransforms: true,
      preserveDynamicImport: true,
    });
    const written = source.split("\n");
    const lines = code.split("\n");
    return { code, isUnchanged: (line) => written[line - 1] === lines[line - 1] };
  } catch (error) {
    if (error instanceof RangeError) throw new ScriptError("syntax", "SyntaxError: it is nested too deep", name);
    const { message, loc } = error as SyntaxProblem;
    const what = message.replace(/ \(\d+:\d+\)$/, "");
    throw new ScriptError("syntax", `SyntaxError: ${what}`, name, loc?.line, loc?.column);
  }
}

/**
 * A text of which only so many letters can be read: where TypeScript can be read in several ways the parser tries them all, which
 * nested often enough would take for ever.
 */
class CountedText extends String {
  #left = LOOKS + LOOKS_PER_LETTER * this.length;

  override charCodeAt(at: number): number {
    if (--this.#left < 0) throw new RangeError("too many looks at the text");
    return super.charCodeAt(at);
  }
}
