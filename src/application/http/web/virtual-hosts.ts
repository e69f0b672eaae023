import type { Handler, RequestInfo } from "../handler.ts";
import { plain } from "../plain.ts";
import type { Request } from "../request.ts";
import { NameTable } from "./name-table.ts";

/** Sites by the names that they answer to. */
export interface NamedSite {
  /** `"example.test"`, `"*.example.test"` for all names under it, or `"*"` for all that no other answers to. */
  readonly names: readonly string[];
  readonly handler: Handler;
}

/**
 * Hands each request to the site of its name (RFC 9110 §7.2). One that no site has goes to the first site, but over TLS it is
 * 421 (RFC 9110 §15.5.20): the certificate was another's, so the client has connected to where it did not mean to.
 */
export function virtualHosts(sites: readonly NamedSite[]): Handler {
  const table = new NameTable<Handler>();
  for (const { names, handler } of sites) table.add(names, handler);
  const [first] = sites;
  return (request, info) => {
    const handler = table.find(hostOf(request, info)) ?? (info.tls === undefined ? first?.handler : undefined);
    return handler === undefined ? plain(421, "There is no such site here.") : handler(request, info);
  };
}

/** The name that a request is for, in lower case, without its port and a dot at the end. */
export function hostOf(request: Request, info: Pick<RequestInfo, "local">): string {
  try {
    return new URL(request.url).hostname.replace(/\.$/, "");
  } catch {
    return info.local.address;
  }
}
