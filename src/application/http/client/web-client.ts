import { type Duration, seconds } from "../../../time/instant.ts";
import type { Program, ProgramContext } from "../../program.ts";
import { rest } from "../../stream.ts";
import { escapeControls, shorten } from "../../text.ts";
import type { RequestInit } from "../request.ts";
import { HttpClient } from "./client.ts";
import { CookieJar } from "./cookie-jar.ts";

export interface WebClientParameters {
  readonly urls: readonly string[];
  readonly post: string;
  readonly form: readonly string[];
  readonly every: Duration;
  readonly count: number;
}

/** Characters of a page's title that are logged. */
const TITLE_LIMIT = 80;
/** Bytes of a page that are kept; of longer ones only the length is told. */
const PAGE_LIMIT = 1_000_000;

interface Visit extends RequestInit {
  readonly url: string;
}

/** What one round asks for, in order. */
function visitsOf({ urls, post, form }: WebClientParameters): Visit[] {
  const visits: Visit[] = urls.map((url) => ({ url }));
  if (post !== "") visits.push({ url: post, method: "POST", body: new URLSearchParams(form.map(pairOf)) });
  return visits;
}

/** `"name=value"`; what has no equals sign is a name without a value. */
function pairOf(text: string): [string, string] {
  const equals = text.indexOf("=");
  return equals < 0 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
}

async function run(context: ProgramContext, parameters: WebClientParameters): Promise<void> {
  const { signal, log } = context;
  const cookies = new CookieJar(context);
  const client = new HttpClient(context, { cookies });
  let failed = 0;
  try {
    for (let round = 0, first = true; parameters.count === 0 || round < parameters.count; round++) {
      for (const visit of visitsOf(parameters)) {
        if (!first && !(await rest(context, parameters.every))) return;
        first = false;
        if (!(await browse(context, client, visit))) failed++;
        if (signal.aborted) return;
      }
    }
  } finally {
    await client.close();
  }
  log("done", { cookies: cookies.size });
  if (failed > 0) throw new Error(failed === 1 ? "one page did not come" : `${failed} pages did not come`);
}

/** Fetches one page and tells what came. @returns false when nothing did */
async function browse({ log, signal }: ProgramContext, client: HttpClient, visit: Visit): Promise<boolean> {
  const { url, method = "GET" } = visit;
  try {
    const response = await client.fetch(url, { ...visit, signal });
    const { length, text } = await read(response.pieces());
    const { status, statusText, redirected } = response;
    const at = { method, url: redirected ? response.url : url, status, reason: escapeControls(statusText), length };
    log(redirected ? "redirected" : "page", at);
    const title = /<title>([^<]*)<\/title>/i.exec(text)?.[1];
    if (title !== undefined) log("title", { title: shorten(escapeControls(title.trim()), TITLE_LIMIT) });
    return true;
  } catch (error) {
    if (!signal.aborted) log("failed", { method, url, why: error instanceof Error ? error.message : String(error) });
    return false;
  }
}

async function read(pieces: AsyncIterable<Uint8Array>): Promise<{ length: number; text: string }> {
  const decoder = new TextDecoder();
  let length = 0;
  let text = "";
  for await (const piece of pieces) {
    length += piece.length;
    if (length <= PAGE_LIMIT) text += decoder.decode(piece, { stream: true });
  }
  return { length, text };
}

/** A browser that does as it is told: it asks for pages, follows, keeps cookies and sends a form. */
export const webClient: Program<WebClientParameters> = {
  name: "web-client",
  summary: "Asks for web pages one after the other, follows redirects, keeps cookies, and sends a form.",
  parameters: {
    urls: { type: "texts", summary: "The pages, in order: http:// or https://.", default: [] },
    post: { type: "text", summary: "Where the form is sent after the pages; nowhere when empty.", default: "" },
    form: { type: "texts", summary: "The form's fields, each as name=value.", default: [] },
    every: { type: "duration", summary: "The wait between two requests.", default: seconds(1) },
    count: { type: "count", summary: "How often all of it; 0 for ever.", default: 1 },
  },
  messages: {
    page: "{method} {url}: {status} {reason}, {length} bytes",
    redirected: "{method} led to {url}: {status} {reason}, {length} bytes",
    title: 'the page is called "{title}"',
    failed: "{why}",
    done: "that was all; cookies: {cookies}",
  },
  run,
};
