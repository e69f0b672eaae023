/** A text, or one for each form that counting asks for (`Intl.PluralRules`), decided by the parameter `count`. */
export type Text = string | { readonly one: string; readonly other: string };

export type Dictionary = Readonly<Record<string, Text>>;

/** The same keys in another language: one that is missing, or too many, fails the compiler. */
export type Translation<English extends Dictionary> = { readonly [Key in keyof English]: Text };

export type Params = Readonly<Record<string, string | number>>;

/** Numbers that name a thing and count nothing: a port is 8888, never 8,888. */
const NAMES: ReadonlySet<string> = new Set(["port", "number", "event", "version", "branch"]);

/** Puts parameters into a text: `"{count} packets"`. A number that counts is written as the language writes it. */
export function fill(text: Text, params: Params, locale: string): string {
  const form = typeof text === "string" ? text : text[formFor(params.count, locale)];
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === "number" && !NAMES.has(name) ? value.toLocaleString(locale) : String(value);
  });
}

function formFor(count: string | number | undefined, locale: string): "one" | "other" {
  return new Intl.PluralRules(locale).select(Number(count)) === "one" ? "one" : "other";
}

/** The names that a text has parameters for. */
export function paramsOf(text: Text): string[] {
  const forms = typeof text === "string" ? [text] : [text.one, text.other];
  return [
    ...new Set(forms.flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string))),
  ].sort();
}
