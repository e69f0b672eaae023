import type { Duration } from "../../../time/instant.ts";
import type { ProxyRoute } from "../proxy/reverse-proxy.ts";
import type { CorsOptions } from "./cors.ts";
import type { FormRule } from "./form-rule.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { RedirectRule } from "./redirects.ts";

/** What one site is, as a file describes it. Whatever is not said is as the {@link siteHandler} has it. */
export interface SiteDescription {
  /** For people, in logs. */
  readonly name: string;
  /** The names that it answers to: `"example.test"`, `"*.example.test"`, or `"*"`, which is the default. */
  readonly hosts?: readonly string[] | undefined;
  /** A folder of the operating system, served where there is one. */
  readonly folder?: string | undefined;
  /** Files of its own certificate and key, in PEM, on the operating system: shown to who asks for one of its names. */
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** Which symbolic links of the folder are followed. */
  readonly symlinks?: "none" | "inside" | "all" | undefined;
  /** Files in memory, by their paths, in place of a folder's. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly index?: readonly string[] | undefined;
  readonly listing?: boolean | undefined;
  readonly precompressed?: boolean | undefined;
  readonly languages?: readonly string[] | undefined;
  /** A file that is sent where there is none. */
  readonly notFound?: string | undefined;
  /** `Cache-Control` of files. */
  readonly cache?: string | undefined;
  readonly compression?: boolean | undefined;
  readonly cors?: CorsOptions | undefined;
  readonly auth?: AuthDescription | undefined;
  readonly redirects?: readonly RedirectRule[] | undefined;
  /** Put on every answer; an empty value takes a field away. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly forms?: readonly FormRule[] | undefined;
  /** Paths that other servers answer. */
  readonly proxy?: readonly ProxyRoute[] | undefined;
  /** Paths that programs answer, which there are on the operating system only. */
  readonly gateways?: readonly GatewayDescription[] | undefined;
  /** Whether TRACE is answered. */
  readonly trace?: boolean | undefined;
}

/** Who answers a path and all below it, in place of files. */
export type GatewayDescription = GatewayPlace & (CgiDescription | FastCgiDescription | WsgiDescription);

interface GatewayPlace {
  readonly path: string;
  /** How long a program may do nothing; 60 s unless given. */
  readonly idle?: Duration | undefined;
}

/** Programs in a folder, one process for each request. */
export interface CgiDescription {
  readonly cgi: string;
  /** Processes at once. */
  readonly processes?: number | undefined;
}

/** Scripts in a folder, which a FastCGI responder runs. */
export interface FastCgiDescription {
  /** `host:port`, or the path of a UNIX socket, which has a slash in it. */
  readonly fastcgi: string;
  readonly folder: string;
  readonly extension?: string | undefined;
  readonly index?: string | undefined;
  readonly connections?: number | undefined;
  readonly keep?: boolean | undefined;
}

/** A Python application in worker processes. */
export interface WsgiDescription {
  /** `module:attribute` or `module:factory()`. */
  readonly wsgi: string;
  readonly folder?: string | undefined;
  readonly workers?: number | undefined;
  readonly python?: string | undefined;
}

/** Who may come in. */
export interface AuthDescription {
  readonly realm: string;
  /** Passwords by user. */
  readonly users: Readonly<Record<string, string>>;
  /** Paths that need a user, with all below them; all unless given. */
  readonly paths?: readonly string[] | undefined;
}

/** All that one server does. */
export interface WebDescription {
  readonly sites: readonly SiteDescription[];
  /** For each address; none unless given. */
  readonly rateLimit?: RateLimit | undefined;
}
