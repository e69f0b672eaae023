/** What a page asks of the room. */
export type Asked =
  /** Be in a room and hear it. @see after: the last number that was heard, to get what was missed */
  | { type: "join"; room: string; after: number | undefined }
  | { type: "say"; room: string; id: string; text: string }
  | { type: "nick"; name: string }
  /** What was said before a number. */
  | { type: "earlier"; room: string; before: number }
  | { type: "rooms" };

/** What a page sends is at most so long, in bytes. */
export const ASKED_BYTES = 16_384;
/** Characters of a message. */
export const TEXT_LENGTH = 2_000;

/** A message's id: of the page's own making, and not to be guessed by others. */
const ID = /^[\w-]{8,64}$/;

/** Reads what a page asks. @returns undefined when it is nothing that is known */
export function readAsked(json: string): Asked | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  return askedOf(value);
}

/** The same of a value that was read already. */
export function askedOf(value: unknown): Asked | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { type, room, after, before, id, text, name } = value as Record<string, unknown>;
  switch (type) {
    case "join":
      return isText(room) && (after === undefined || isSeq(after)) ? { type, room, after } : undefined;
    case "say": {
      const whole = isText(room) && isText(id) && ID.test(id) && isText(text, 2 * TEXT_LENGTH);
      return whole ? { type, room, id, text: [...text].slice(0, TEXT_LENGTH).join("") } : undefined;
    }
    case "nick":
      return isText(name) ? { type, name } : undefined;
    case "earlier":
      return isText(room) && isSeq(before) ? { type, room, before } : undefined;
    case "rooms":
      return { type };
    default:
      return undefined;
  }
}

const isText = (value: unknown, length = 100): value is string => typeof value === "string" && value.length <= length;
const isSeq = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
