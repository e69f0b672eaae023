import type { Random } from "../../../base/random.ts";
import type { Clock } from "../../../socket/clock.ts";
import type { FoundFile } from "../../files.ts";
import type { Request } from "../request.ts";
import { Response } from "../response.ts";
import { byteRanges } from "./byteranges.ts";
import { checkPreconditions, rangeApplies, type Validators } from "./conditional.ts";
import { formatHttpDate } from "./date.ts";
import { type EntityTag, formatEntityTag } from "./entity-tag.ts";
import { type ByteRange, contentRange, parseRange, unsatisfiedRange } from "./range.ts";

/** What is sent of a resource that is a file. */
export interface FileToSend {
  readonly file: FoundFile;
  readonly type: string;
  readonly entityTag: EntityTag;
  /** 200 unless it is the page of an error, which has neither conditions nor ranges (RFC 9110 §13.2.1). */
  readonly status?: number | undefined;
}

/** Smaller ones are read before anything is sent, which is less work. */
const AT_ONCE = 65_536;

/**
 * Answers a GET or HEAD by a file: 304 or 412 by the request's conditions (RFC 9110 §13), 206 or 416 by its ranges (§14), else
 * all of it.
 */
export async function sendFile(
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  request: Request,
  { file, type, entityTag, status = 200 }: FileToSend,
): Promise<Response> {
  const now = clock.date().getTime();
  // A date in the future would never be older than a request (§8.8.2.1).
  const validators: Validators = { entityTag, lastModified: Math.min(file.modified, now) };
  const headers: Record<string, string> = { ETag: formatEntityTag(entityTag) };
  if (status !== 200) return whole(request, file, status, { ...headers, "Content-Type": type });
  headers["Last-Modified"] = formatHttpDate(validators.lastModified ?? now);
  const decided = checkPreconditions(request, validators, now);
  if (decided !== undefined) return new Response(null, { status: decided, headers });
  headers["Accept-Ranges"] = "bytes";
  const asked = request.method === "GET" ? request.headers.get("range") : null; // §14.2: of GET only
  const ranges = asked === null || !rangeApplies(request, validators, now) ? "whole" : parseRange(asked, file.size);
  if (ranges === "unsatisfiable") {
    return new Response(null, { status: 416, headers: { ...headers, "Content-Range": unsatisfiedRange(file.size) } });
  }
  if (ranges === "whole") return whole(request, file, 200, { ...headers, "Content-Type": type });
  return parts(file, ranges, type, headers, random);
}

async function whole(
  request: Request,
  file: FoundFile,
  status: number,
  headers: Record<string, string>,
): Promise<Response> {
  headers["Content-Length"] = String(file.size);
  if (request.method === "HEAD") return new Response(null, { status, headers });
  return new Response(file.size <= AT_ONCE ? await file.bytes() : file.read(0, file.size), { status, headers });
}

function parts(
  file: FoundFile,
  ranges: readonly ByteRange[],
  type: string,
  headers: Record<string, string>,
  random: Random,
): Response {
  const { size } = file;
  const [only] = ranges;
  // §15.3.7.2: a request for one range gets it as it is, without parts.
  if (only !== undefined && ranges.length === 1) {
    const range = { "Content-Range": contentRange(only, size), "Content-Length": String(only.end - only.start) };
    return new Response(file.read(only.start, only.end), {
      status: 206,
      headers: { ...headers, ...range, "Content-Type": type },
    });
  }
  const boundary = Array.from({ length: 4 }, () => random.uint32().toString(36).padStart(7, "0")).join("");
  const body = byteRanges(ranges, { size, type, boundary }, ({ start, end }) => file.read(start, end));
  return new Response(body.chunks, {
    status: 206,
    headers: { ...headers, "Content-Type": body.type, "Content-Length": String(body.length) },
  });
}
