/** IPv6 addresses as texts, for AAAA records (RFC 3596), until addresses of that family are known everywhere. */

const BYTES = 16;

/** Reads the forms of RFC 4291 §2.2. @returns the 16 bytes, or undefined when the text is no address */
export function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  if (halves.length === 2 && halves[0]?.includes(".")) return undefined; // an IPv4 address stands last
  const [head, tail] = halves.map((half) => (half === "" ? [] : groupsOf(half)));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const given = head.length + (tail?.length ?? 0);
  if (halves.length === 1 ? given !== 8 : given > 7) return undefined; // "::" stands for at least one group
  const all = [...head, ...new Array<number>(8 - given).fill(0), ...(tail ?? [])];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function groupsOf(text: string): number[] | undefined {
  const parts = text.split(":");
  const dotted = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(parts.at(-1) ?? "");
  const groups: number[] = [];
  if (dotted !== null) {
    const [a = 256, b = 256, c = 256, d = 256] = dotted.slice(1).map(Number);
    if (Math.max(a, b, c, d) > 255) return undefined;
    parts.pop();
    groups.push((a << 8) | b, (c << 8) | d);
  }
  if (!parts.every((part) => /^[0-9a-fA-F]{1,4}$/.test(part))) return undefined;
  return [...parts.map((part) => Number.parseInt(part, 16)), ...groups];
}

/** Prints 16 bytes as RFC 5952 says: short, in small letters, `::` for the longest run of zeros. */
export function formatIpv6(bytes: Uint8Array): string {
  const groups = Array.from({ length: BYTES / 2 }, (_, at) => ((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0));
  let [start, length] = [0, 1]; // a single zero is not shortened (§4.2.2)
  for (let at = 0; at < groups.length; at++) {
    const run = groups.slice(at).findIndex((group) => group !== 0);
    const zeros = run < 0 ? groups.length - at : run;
    if (zeros > length) [start, length] = [at, zeros];
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
  return length < 2 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}
