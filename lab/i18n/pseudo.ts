import type { Dictionary, Text } from "./text.ts";

const ACCENTED: Readonly<Record<string, string>> = {
  ...{ a: "á", b: "ƀ", c: "ç", d: "ð", e: "é", f: "ƒ", g: "ĝ", h: "ĥ", i: "í", j: "ĵ", k: "ķ", l: "ļ", m: "ɱ" },
  ...{ n: "ñ", o: "ó", p: "þ", q: "ǫ", r: "ŕ", s: "š", t: "ţ", u: "ú", v: "ṽ", w: "ŵ", x: "ẋ", y: "ý", z: "ž" },
  ...{ A: "Á", B: "Ɓ", C: "Ç", D: "Ð", E: "É", F: "Ƒ", G: "Ĝ", H: "Ĥ", I: "Í", J: "Ĵ", K: "Ķ", L: "Ļ", M: "Ṁ" },
  ...{ N: "Ñ", O: "Ó", P: "Þ", Q: "Ǫ", R: "Ŕ", S: "Š", T: "Ţ", U: "Ú", V: "Ṽ", W: "Ŵ", X: "Ẋ", Y: "Ý", Z: "Ž" },
};

/**
 * A language for tests: English with accents, a third longer and in brackets, so that a text that was not translated, and one
 * that is cut off, can be seen. Parameters stay.
 */
export function pseudo<T extends Dictionary>(dictionary: T): T {
  const entries = Object.entries(dictionary).map(([key, text]) => [key, pseudoText(text)]);
  return Object.fromEntries(entries) as T;
}

function pseudoText(text: Text): Text {
  return typeof text === "string" ? distort(text) : { one: distort(text.one), other: distort(text.other) };
}

function distort(text: string): string {
  const accented = text.replace(/\{\w+\}|./gsu, (piece) => ACCENTED[piece] ?? piece);
  const longer = "·".repeat(Math.ceil(text.length / 3)).replace(/.{12}/g, "$&\u200b"); // lines may end there, as between words
  return `[${accented}${longer}]`;
}
