/** Statuses that name another place to ask (Fetch standard, "redirect status"). */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Redirects that are followed, one after the other (Fetch standard, HTTP-redirect fetch, step 6). */
export const REDIRECT_LIMIT = 20;

/** Fields that describe a body, and go with it (Fetch standard, "request-body-header name"). */
export const BODY_FIELDS = [
  "content-encoding",
  "content-language",
  "content-location",
  "content-type",
  "content-length",
];
/** What one origin was told in confidence is not for another. */
export const CONFIDENTIAL_FIELDS = ["authorization", "proxy-authorization", "cookie", "host"];

export const isRedirect = (status: number): boolean => REDIRECTS.has(status);

export interface Redirected {
  readonly url: URL;
  readonly method: string;
  /** Whether the body goes along. */
  readonly keepsBody: boolean;
  /** Whether it is another origin, to which confidences are not told. */
  readonly crossesOrigin: boolean;
}

/**
 * Where a redirect leads, and how it is asked there (Fetch standard, HTTP-redirect fetch).
 * @returns undefined when the status is none, or there is no Location: the response is the answer
 * @throws TypeError when the Location is no http or https URL
 */
export function redirected(
  from: { readonly url: URL; readonly method: string },
  status: number,
  location: string | null | undefined,
): Redirected | undefined {
  if (!isRedirect(status) || location == null) return undefined;
  const url = locate(location, from.url);
  if (url.hash === "") url.hash = from.url.hash;
  const method = methodAfter(status, from.method);
  return { url, method, keepsBody: method === from.method, crossesOrigin: url.origin !== from.url.origin };
}

function locate(location: string, base: URL): URL {
  let url: URL;
  try {
    url = new URL(location, base);
  } catch {
    throw new TypeError(`redirected from ${base.href} to what is no URL: ${location}`);
  }
  if (url.protocol === "http:" || url.protocol === "https:") return url;
  throw new TypeError(`redirected from ${base.href} to ${url.protocol}, which is neither http nor https`);
}

/** 301 and 302 turn a POST into a GET, as every browser does; 303 turns all but GET and HEAD (RFC 9110 §15.4). */
function methodAfter(status: number, method: string): string {
  if ((status === 301 || status === 302) && method === "POST") return "GET";
  return status === 303 && method !== "GET" && method !== "HEAD" ? "GET" : method;
}
