import { Document, isCollection } from "yaml";

/** Letters of a line up to which a mapping or list stays on it. */
const WIDTH = 110;
const STEP = 2;

/** Plain data in one line, as it may stand anywhere: `{ kind: host, address: 10.0.0.1/24 }`. */
export function inline(value: unknown): string {
  if (typeof value !== "object" || value === null) return scalar(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  const pairs = Object.entries(value).map(([key, each]) => `${scalar(key)}: ${inline(each)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

/** As an item of a list, so that a text is quoted where it has to be in one. */
function scalar(value: unknown): string {
  if (typeof value === "string" && /[\n\r]/.test(value)) return JSON.stringify(value);
  const document = new Document([value], { schema: "core" });
  if (isCollection(document.contents)) document.contents.flow = true;
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false }).trim();
  return text.replace(/^\[\s*|\s*\]$/g, "");
}

/** A key as it may stand anywhere. */
export const keyText = (key: string): string => scalar(key);

/**
 * A value behind its key, from the colon on: ` 10`, or lines of a mapping or list that is too long for one, or of which each member
 * deserves its own.
 * @param column where the key begins
 */
export function behindKey(value: unknown, column: number, spread: boolean): string {
  const line = inline(value);
  if (!isFilled(value) || (!spread && line.length <= WIDTH - column)) return ` ${line}`;
  return `\n${block(value, column + STEP)}`;
}

/** A filled mapping or list in lines, the first indented as well, without a newline at the end. */
export function block(value: object, column: number): string {
  const indent = " ".repeat(column);
  if (!Array.isArray(value)) {
    return Object.entries(value)
      .map(([key, each]) => `${indent}${keyText(key)}:${behindKey(each, column, false)}`)
      .join("\n");
  }
  return value.map((each) => `${indent}${item(each, column)}`).join("\n");
}

/** An item of a list with its dash. @param column where the dash is */
export function item(value: unknown, column: number): string {
  const line = inline(value);
  if (!isFilled(value) || line.length <= WIDTH - column) return `- ${line}`;
  return `- ${block(value, column + STEP).slice(column + STEP)}`;
}

export function isFilled(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}
