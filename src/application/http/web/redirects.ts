import type { Middleware } from "../handler.ts";
import { Response } from "../response.ts";

/** Sends clients elsewhere. */
export interface RedirectRule {
  /** A path, or with `*` at the end all paths that begin so. */
  readonly from: string;
  /** A path or an absolute URL; its `*` stands for what `from`'s did. */
  readonly to: string;
  /** 301, 302, 303, 307 or 308 (RFC 9110 §15.4); 308 unless given. */
  readonly status?: number | undefined;
}

/** Answers by redirects where a rule fits; of several the first. The query goes along. */
export function redirects(rules: readonly RedirectRule[]): Middleware {
  return (next) => (request, info) => {
    const { pathname, search } = new URL(request.url);
    for (const { from, to, status = 308 } of rules) {
      const rest = matchPath(from, pathname);
      if (rest === undefined) continue;
      return new Response(null, { status, headers: { Location: locationOf(to, rest, search) } });
    }
    return next(request, info);
  };
}

/** @returns what the star stands for; undefined where the path does not fit */
function matchPath(pattern: string, path: string): string | undefined {
  if (!pattern.endsWith("*")) return path === pattern ? "" : undefined;
  const prefix = pattern.slice(0, -1);
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

function locationOf(to: string, rest: string, search: string): string {
  const target = to.replaceAll("*", () => rest);
  // What a client wrote must not become another host: "//evil.test" and "/\evil.test" are one.
  const safe = to.startsWith("/") ? target.replace(/^[/\\]+/, "/") : target;
  return safe.includes("?") ? safe : safe + search;
}
