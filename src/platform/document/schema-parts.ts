import * as z from "zod";
import { parseHostPort } from "../../address/endpoint.ts";
import { parseDuration } from "../../time/instant.ts";

/** Items of a list for which nothing else is said. */
export const LIST_LIMIT = 1000;

/**
 * Texts that a pattern checks, for editors, and the parser that reads them. The message of every issue is what was
 * expected.
 */
export const text = (pattern: RegExp, expected: string, description: string, parse?: (text: string) => unknown) =>
  z
    .string({ error: expected })
    .regex(pattern, { error: expected, abort: true })
    .refine((value) => parse === undefined || parse(value) !== undefined, { error: expected })
    .meta({ description });

export const line = (description: string, limit = 200) =>
  z
    .string({ error: "a text" })
    .max(limit, { error: `a text of at most ${limit} characters` })
    .meta({ description });

export const count = (least: number, most: number, description: string) => {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error }).meta({ description });
};

export const flag = (description: string) => z.boolean({ error: "true or false" }).meta({ description });

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T, description: string) =>
  z.enum(values, { error: `one of ${values.join(", ")}` }).meta({ description });

/** A mapping without other keys than these; the message for one more is the keys there are. */
export const mapping = <T extends z.core.$ZodLooseShape>(what: string, shape: T) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === "unrecognized_keys" ? Object.keys(shape).join(", ") : what),
  });

export const listOf = <T extends z.ZodType>(item: T, what: string, limit = LIST_LIMIT) =>
  z.array(item, { error: what }).max(limit, { error: `at most ${limit}` });

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
export const name = text(NAME, "a name: letters, digits, - and _, a letter first, at most 63", "A name.");

export const duration = (description: string) =>
  text(
    /^\s*(\d+(\.\d+)?\s*(ns|us|µs|ms|s|min|m|h)\s*)+$/,
    'a duration such as "150us", "1.5ms", "10s" or "1h30m"',
    description,
    parseDuration,
  );

export const hostPort = (description: string) =>
  text(/^[^:\s]+:\d{1,5}$/, 'a host or address and a port such as "server:8888"', description, parseHostPort);
