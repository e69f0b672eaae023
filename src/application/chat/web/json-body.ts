import type { Request } from "../../http/request.ts";

/**
 * Reads a request's body as JSON, up to a length.
 * @returns undefined when it is longer, or no JSON, or does not say that it is
 */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json" || Number(request.headers.get("content-length") ?? 0) > limit) return undefined;
  const reader = request.body?.getReader();
  if (reader === undefined) return undefined;
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
  try {
    return JSON.parse(text + decoder.decode());
  } catch {
    return undefined;
  }
}

/** A member of a JSON object that is a text of at most so many characters; undefined otherwise. */
export function textOf(value: unknown, name: string, length: number): string | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  const member = (value as Record<string, unknown>)[name];
  return typeof member === "string" && member.length <= length ? member : undefined;
}
