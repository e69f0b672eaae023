import { concatenate } from "../../../base/concatenate.ts";
import { parseForm } from "../form.ts";
import type { Handler } from "../handler.ts";
import { plain } from "../plain.ts";
import type { Request } from "../request.ts";
import { Response } from "../response.ts";
import { type CookieOptions, formatSetCookie } from "./cookie.ts";
import { byMethod } from "./methods.ts";

/** Takes a form: remembers a field in a cookie, and sends the browser to another page (post/redirect/get). */
export interface FormRule {
  /** What the form is posted to. */
  readonly path: string;
  /** Fields without which it is refused by 422. */
  readonly required?: readonly string[] | undefined;
  /** Sets a cookie to a field's value, percent-encoded. */
  readonly cookie?: FormCookie | undefined;
  /** Where the browser goes then. */
  readonly redirect: string;
}

export interface FormCookie {
  readonly name: string;
  readonly field: string;
  /** Seconds that it lives; until the browser is closed unless given. */
  readonly maxAge?: number | undefined;
}

/** What a form may be sent as, for who sends something else (RFC 9110 §15.5.16). */
const FORM_TYPES = "application/x-www-form-urlencoded, multipart/form-data";
/** Bytes of a form that is read into memory. */
export const FORM_LIMIT = 1_048_576;
/** Bytes of a field, encoded, that go into a cookie. */
const VALUE_LIMIT = 3000;

/** @param tell is told the fields of each form that was taken, of files only their names */
export function formHandler(rule: FormRule, tell: (fields: readonly (readonly [string, string])[]) => void): Handler {
  const { required = [], cookie, redirect } = rule;
  return byMethod({
    POST: async (request, info) => {
      const bytes = await readUpTo(FORM_LIMIT, request);
      if (bytes === undefined) return plain(413, "That form is too large.");
      let form: FormData;
      try {
        form = parseForm(request.headers.get("content-type") ?? "", bytes);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        return plain(415, "A form is urlencoded or multipart.", { Accept: FORM_TYPES });
      }
      const fields = [...form].map(([name, value]) => [name, typeof value === "string" ? value : value.name] as const);
      const missing = required.filter((name) => !fields.some(([each, value]) => each === name && value.trim() !== ""));
      if (missing.length > 0) return plain(422, `Please fill in: ${missing.join(", ")}.`);
      tell(fields);
      // RFC 9110 §15.4.4: the answer to a form is a page of its own, which can be loaded again.
      const response = new Response(null, {
        status: 303,
        headers: { Location: redirect, "Cache-Control": "no-store" },
      });
      const value = fields.find(([name]) => name === cookie?.field)?.[1];
      if (cookie !== undefined && value !== undefined) {
        const options: CookieOptions = { path: "/", maxAge: cookie.maxAge, secure: info.tls !== undefined };
        response.headers.append("Set-Cookie", formatSetCookie(cookie.name, encodeValue(value), options));
      }
      return response;
    },
  });
}

/** The body of a request. @returns undefined when it is longer */
async function readUpTo(limit: number, request: Request): Promise<Uint8Array | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) return undefined;
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of request.pieces()) {
    length += piece.length;
    if (length > limit) return undefined;
    pieces.push(piece);
  }
  return concatenate(pieces);
}

/** Any text as a cookie's value, as much of it as a browser takes. */
function encodeValue(text: string): string {
  let value = "";
  for (const character of text) {
    const encoded = encodeURIComponent(/\p{Cs}/u.test(character) ? "\ufffd" : character);
    if (value.length + encoded.length > VALUE_LIMIT) break;
    value += encoded;
  }
  return value;
}
