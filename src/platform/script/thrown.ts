import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";

/** What a script has thrown, as far as people are told. */
export interface Thrown {
  /** `"TypeError: x is not a function"`. */
  readonly what: string;
  /** Where in the script, both from 1. */
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** Letters of what was thrown. */
const TEXT_LIMIT = 1_000;

/** Reads what was thrown. It may be anything, and run code of the script's. @param file the script's name */
export function thrownOf(context: QuickJSContext, handle: QuickJSHandle, file: string): Thrown {
  if (context.typeof(handle) !== "object") return { what: textOf(context, handle), line: undefined, column: undefined };
  const [name, message, stack] = ["name", "message", "stack"].map((key) => property(context, handle, key));
  const isError = name !== undefined && message !== undefined;
  const what = isError ? (message === "" ? name : `${name}: ${message}`) : textOf(context, handle);
  const place = placeIn(stack ?? "", file);
  return { what, line: place?.line, column: place?.column };
}

function property(context: QuickJSContext, handle: QuickJSHandle, key: string): string | undefined {
  const value = context.getProp(handle, key);
  try {
    return context.typeof(value) === "string" ? context.getString(value).slice(0, 100 * TEXT_LIMIT) : undefined;
  } finally {
    value.dispose();
  }
}

const textOf = (context: QuickJSContext, handle: QuickJSHandle): string =>
  context.getString(handle).slice(0, TEXT_LIMIT);

/** The innermost place of a stack that is in the file. */
function placeIn(stack: string, file: string): { line: number; column: number | undefined } | undefined {
  for (const frame of stack.split("\n")) {
    const match = /\(?([^\s(:]+):(\d+)(?::(\d+))?\)?$/.exec(frame);
    if (match?.[1] !== file) continue;
    return { line: Number(match[2]), column: match[3] === undefined ? undefined : Number(match[3]) };
  }
  return undefined;
}
