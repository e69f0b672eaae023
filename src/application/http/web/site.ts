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
  /** Whether TRACE is answered. */
  readonly trace?: boolean | undefined;
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
