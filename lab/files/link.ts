import { fromBase64, toBase64 } from "../../src/base/base64.ts";

/** Letters of a link that is read; longer ones are refused. */
export const LINK_LIMIT = 64 * 1024;
/** Octets of the text that comes out of one. */
const TEXT_LIMIT = 2 ** 20;

/** A network in a link, and what of it is meant. */
export interface Link {
  readonly text: string;
  readonly filter?: string | undefined;
  readonly panel?: string | undefined;
  /** Virtual nanoseconds. */
  readonly time?: number | undefined;
}

/** Why a link is none: it is not whole, or too large. */
export type LinkProblem = "link-broken" | "link-too-large";

/** The fragment of an address that carries a network, without its `#`. */
export async function writeLink({ text, filter, panel, time }: Link): Promise<string> {
  const deflated = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(deflated).arrayBuffer());
  const net = toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const parts = new URLSearchParams({ net });
  if (filter) parts.set("filter", filter);
  if (panel !== undefined) parts.set("panel", panel);
  if (time !== undefined) parts.set("time", `${time}`);
  return parts.toString();
}

/** Reads one. @returns undefined for a fragment that carries no network */
export async function readLink(fragment: string): Promise<Link | LinkProblem | undefined> {
  if (!fragment.startsWith("net=")) return undefined;
  if (fragment.length > LINK_LIMIT) return "link-too-large";
  const parts = new URLSearchParams(fragment);
  const net = parts.get("net") ?? "";
  const bytes = fromBase64(net.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (net.length % 4)) % 4));
  const text = bytes === undefined ? "link-broken" : await inflate(bytes);
  if (text === "link-broken" || text === "link-too-large") return text;
  const time = Number(parts.get("time") ?? Number.NaN);
  return {
    text,
    filter: parts.get("filter") ?? undefined,
    panel: parts.get("panel") ?? undefined,
    time: Number.isSafeInteger(time) && time >= 0 ? time : undefined,
  };
}

/** Inflates in a stream that ends at the limit, so that a small link cannot become a large text. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      size += value.length;
      if (size > TEXT_LIMIT) {
        await reader.cancel();
        return "link-too-large";
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return "link-broken";
  }
}
