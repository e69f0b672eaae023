import Negotiator from "negotiator";
import type { Headers } from "../headers.ts";

/** What a request prefers among what is offered, by its Accept fields (RFC 9110 §12.5). */
interface Asking {
  readonly headers: { get(name: string): string | null };
}

const negotiator = ({ headers }: Asking, field: string): Negotiator =>
  new Negotiator({ headers: { [field]: headers.get(field) ?? undefined } });

/** The media type that suits best (§12.5.1); of equals the first. @returns undefined when none is acceptable */
export const preferredType = (request: Asking, offers: readonly string[]): string | undefined =>
  negotiator(request, "accept").mediaTypes(offers)[0];

/** The language that suits best (§12.5.4). @returns undefined when none is wanted */
export const preferredLanguage = (request: Asking, offers: readonly string[]): string | undefined =>
  negotiator(request, "accept-language").languages(offers)[0];

/**
 * The content coding that suits best (§12.5.3): of those that are wanted alike, the first; none for a request that does not
 * ask for one.
 */
export function preferredCoding<Coding extends string>(
  request: Asking,
  offers: readonly Coding[],
): Coding | "identity" | undefined {
  if (request.headers.get("accept-encoding") === null) return "identity";
  const wanted = negotiator(request, "accept-encoding").encodings([...offers, "identity"], { preferred: offers });
  return wanted[0] as Coding | "identity" | undefined;
}

/** Says that the answer depends on a field of the request (§12.5.5), once. */
export function addVary(headers: Headers, name: string): void {
  const present = headers.get("vary");
  if (present === null) headers.set("Vary", name);
  else if (present.trim() !== "*" && !listed(present, name)) headers.set("Vary", `${present}, ${name}`);
}

/** Whether a list holds a token, whatever its case. */
export function listed(list: string, token: string): boolean {
  const wanted = token.toLowerCase();
  return list.split(",").some((each) => each.trim().toLowerCase() === wanted);
}
