import type { Place } from "./pool.ts";

/** Where a connection leads: an origin (RFC 9110 §4.3.1), directly or through a proxy. */
export interface Origin extends Place {
  readonly secure: boolean;
  readonly hostname: string;
  readonly port: number;
  readonly proxy: HttpProxy | undefined;
  /** Whether the proxy is asked for a tunnel (RFC 9110 §9.3.6), not for the resource itself. */
  readonly tunnel: boolean;
}

/** An HTTP proxy. */
export interface HttpProxy {
  readonly hostname: string;
  readonly port: number;
  /** For Proxy-Authorization. */
  readonly authorization: string | undefined;
}

/** The origin of a URL. @throws TypeError when the URL is neither http nor https */
export function originOf(url: URL, proxy: HttpProxy | undefined): Origin {
  const secure = url.protocol === "https:";
  if (!secure && url.protocol !== "http:") throw new TypeError(`${url.href}: only http and https are fetched`);
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  const via = proxy === undefined ? "" : ` by ${proxy.hostname}:${proxy.port}`;
  return { key: `${url.origin}${via}`, secure, hostname: url.hostname, port, proxy, tunnel: secure };
}
