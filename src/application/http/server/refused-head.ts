import type { MessageHead } from "../message/head.ts";

const HTTPS = /^https:/i;

/**
 * The status for a request that is none for this server, before any handler sees it: an expectation that nobody knows (RFC 9110
 * §10.1.1), and what is to be asked for over TLS only and came without (§7.4), lest a handler take it for ciphered.
 */
export function refusedHead({ expectation, form, target }: MessageHead, ciphered: boolean): 417 | 421 | undefined {
  if (expectation === "other") return 417;
  return form === "absolute" && !ciphered && HTTPS.test(target) ? 421 : undefined;
}
