import { parseHttpDate } from "./date.ts";
import { type EntityTag, matchStrongly, matchWeakly, parseEntityTag, parseEntityTags } from "./entity-tag.ts";

/** What tells whether a representation is still the same (RFC 9110 §8.8). */
export interface Validators {
  readonly entityTag?: EntityTag | undefined;
  /** Milliseconds since 1970, of which only whole seconds are on the wire. */
  readonly lastModified?: number | undefined;
}

/** As much of a request as decides whether it is carried out. */
export interface ConditionalRequest {
  readonly method: string;
  /** A field's value, null where it is absent. */
  readonly headers: { get(name: string): string | null };
}

/** A date is a strong validator only when nothing can have changed in the rest of its second (RFC 9110 §8.8.2.2). */
const STRONG_AFTER = 1000;

/**
 * Decides by the preconditions of a request, in the order of RFC 9110 §13.2.2. To be asked only where the answer would be
 * 2xx without them (§13.2.1).
 * @param current of the selected representation; undefined where there is none, as before a PUT that makes it
 * @param now milliseconds since 1970
 * @returns 304 or 412 to be answered with, undefined to go on
 */
export function checkPreconditions(
  { method, headers }: ConditionalRequest,
  current: Validators | undefined,
  now: number,
): 304 | 412 | undefined {
  if (method === "CONNECT" || method === "OPTIONS" || method === "TRACE") return undefined; // §13.2.1
  const isRead = method === "GET" || method === "HEAD";
  const seconds = wholeSeconds(current?.lastModified);
  const ifMatch = headers.get("if-match");
  if (ifMatch !== null) {
    if (!matches(ifMatch, current, matchStrongly)) return 412;
  } else {
    const since = dateOf(headers.get("if-unmodified-since"), now);
    if (since !== undefined && seconds !== undefined && seconds > since) return 412;
  }
  const ifNoneMatch = headers.get("if-none-match");
  if (ifNoneMatch !== null) {
    if (matches(ifNoneMatch, current, matchWeakly)) return isRead ? 304 : 412;
  } else if (isRead) {
    const since = dateOf(headers.get("if-modified-since"), now);
    if (since !== undefined && seconds !== undefined && seconds <= since) return 304;
  }
  return undefined;
}

/** Whether `Range` is to be looked at: there is no `If-Range`, or it holds (RFC 9110 §13.1.5). */
export function rangeApplies({ headers }: ConditionalRequest, current: Validators, now: number): boolean {
  const condition = headers.get("if-range");
  if (condition === null) return true;
  const { entityTag } = current;
  if (condition.includes('"')) {
    const given = parseEntityTag(condition.trim());
    return given !== undefined && entityTag !== undefined && matchStrongly(given, entityTag);
  }
  const seconds = wholeSeconds(current.lastModified);
  return seconds !== undefined && now - seconds >= STRONG_AFTER && parseHttpDate(condition.trim(), now) === seconds;
}

function matches(
  text: string,
  current: Validators | undefined,
  compare: (a: EntityTag, b: EntityTag) => boolean,
): boolean {
  const tags = parseEntityTags(text);
  if (tags === "*") return current !== undefined;
  const entityTag = current?.entityTag;
  return entityTag !== undefined && tags.some((tag) => compare(tag, entityTag));
}

/** What is no date is as if it were not there (§13.1.3, §13.1.4). */
const dateOf = (text: string | null, now: number): number | undefined =>
  text === null ? undefined : parseHttpDate(text, now);

const wholeSeconds = (time: number | undefined): number | undefined =>
  time === undefined ? undefined : Math.floor(time / 1000) * 1000;
