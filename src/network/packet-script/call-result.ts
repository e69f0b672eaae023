import type { Outcome } from "./calls.ts";
import type { Call } from "./script.ts";

/** Errors with two names. */
const ALIASES: Readonly<Record<string, string>> = { EWOULDBLOCK: "EAGAIN", ENOTSUP: "EOPNOTSUPP" };
const plain = (errno: string): string => ALIASES[errno] ?? errno;

/** How a call's result is not the script's, in words. */
export function wrongResult(call: Call, { result, wrong }: Outcome): string | undefined {
  const refused = typeof result === "string";
  const came = refused ? `-1 ${result}` : String(result);
  const { errno } = call;
  if (call.result === undefined) return wrong;
  if (call.result.kind !== "number") return "the script expects a result that is no number";
  const expected = errno === undefined ? String(call.result.value) : `${call.result.value} ${errno}`;
  const same = refused
    ? call.result.value === -1 && (errno === undefined || plain(errno) === plain(result))
    : errno === undefined && call.result.value === result;
  return same ? wrong : `expected ${expected}, came ${came}`;
}
