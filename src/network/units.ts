const BITS: Readonly<Record<string, number>> = { bit: 1, kbit: 1e3, Mbit: 1e6, Gbit: 1e9, Tbit: 1e12 };

/** Reads a rate as people write it: `"100Mbit/s"`, `"56 kbit/s"`. @returns bits a second, or undefined */
export function parseRate(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kMGT]?bit)\/s\s*$/.exec(text);
  const rate = Math.round(Number(match?.[1]) * (BITS[match?.[2] ?? ""] ?? Number.NaN));
  return Number.isSafeInteger(rate) && rate > 0 ? rate : undefined;
}

/** Prints a rate in its largest unit: `"100Mbit/s"`. */
export function formatRate(rate: number): string {
  if (rate === Number.POSITIVE_INFINITY) return "unlimited";
  const [unit, size] = Object.entries(BITS).findLast(([, bits]) => rate >= bits) ?? ["bit", 1];
  return `${rate / size}${unit}/s`;
}

/** Reads a probability as people write it: `"1.5%"`, or a number from 0 to 1. @returns undefined when it is neither */
export function parseProbability(value: string | number): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(String(value));
  const probability = typeof value === "number" ? value : Number(match?.[1]) / 100;
  return probability >= 0 && probability <= 1 ? probability : undefined;
}
