import type { HttpProxy } from "../client/origin.ts";
import { formatBasicCredentials } from "../client/outgoing.ts";
import type { CurlConfig } from "./config.ts";
import { CurlError, CurlExit } from "./curl-error.ts";
import { parseCurlUrl } from "./curl-url.ts";

/** Port of a proxy that names none. */
const PROXY_PORT = 1080;

/** The proxy for a host, if any. @throws CurlError 5, 7 for one that cannot be used */
export function proxyFor(host: string, { proxy, proxyUser, noProxy }: CurlConfig): HttpProxy | undefined {
  if (proxy === undefined || proxy === "" || isExcepted(host, noProxy)) return undefined;
  if (!/^(http:\/\/)?[^:]+(:[^/]*)?\/?/i.test(proxy) || /^(?!http:)[a-z0-9]+:\/\//i.test(proxy)) {
    throw new CurlError(CurlExit.COULDNT_CONNECT, `Unsupported proxy scheme for '${proxy}'`);
  }
  const url = parseCurlUrl(proxy);
  const [, user = url.user, password = url.password ?? ""] = /^([^:]*):?(.*)$/s.exec(proxyUser ?? "") ?? [];
  const name = proxyUser === undefined ? url.user : user;
  return {
    hostname: url.host,
    port: url.port ?? PROXY_PORT,
    authorization:
      name === undefined
        ? undefined
        : formatBasicCredentials(name, proxyUser === undefined ? (url.password ?? "") : password),
  };
}

function isExcepted(host: string, list: string | undefined): boolean {
  if (list === undefined) return false;
  const name = host.toLowerCase();
  return list.split(/[,\s]+/).some((entry) => {
    const domain = entry.toLowerCase().replace(/^\./, "");
    return domain === "*" || (domain !== "" && (name === domain || name.endsWith(`.${domain}`)));
  });
}
