import { type Coder, type Compression, type MetCoding, through } from "../../compression.ts";
import type { ProgramContext } from "../../program.ts";
import { piecesOf } from "../body.ts";

/** Codings on top of each other; more is a bomb, not a page. */
export const CODINGS_LIMIT = 5;

/** What can be expanded here. */
export const expandable = (compression: Compression | undefined): readonly MetCoding[] =>
  compression?.expands ?? compression?.codings ?? [];

/** What Accept-Encoding says of that; undefined where it is nothing. */
export function acceptedCodings(compression: Compression | undefined): string | undefined {
  const here = expandable(compression);
  return here.length === 0
    ? undefined
    : (["gzip", "deflate", "br", "zstd"] as const).filter((coding) => here.includes(coding)).join(", ");
}

/**
 * A body without its content codings (RFC 9110 §8.4), the last one first.
 * @param written the value of Content-Encoding
 * @returns undefined where there are none, or one is unknown: then the body stays as it is
 * @throws TypeError when there are more than {@link CODINGS_LIMIT}
 */
export function decoded(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  written: string,
  { compression, work }: Pick<ProgramContext, "compression" | "work">,
): AsyncIterable<Uint8Array> | undefined {
  const codings = written
    .split(",")
    .map((coding) => coding.trim().toLowerCase().replace(/^x-/, ""))
    .filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length > CODINGS_LIMIT) throw new TypeError(`a body in ${codings.length} content codings`);
  if (codings.length === 0 || compression === undefined) return undefined;
  if (!codings.every((coding) => isThere(compression, coding))) return undefined;
  let pieces: AsyncIterable<Uint8Array> = body instanceof Uint8Array ? piecesOf(body) : body;
  for (const coding of codings.reverse()) {
    const coder: Coder = compression.expander(coding as MetCoding);
    pieces = through(pieces, coder, work, { name: coding });
  }
  return pieces;
}

function isThere(compression: Compression, coding: string): coding is MetCoding {
  return (expandable(compression) as readonly string[]).includes(coding);
}
