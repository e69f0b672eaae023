import { useCallback } from "react";
import { type Dictionaries, type English, useLanguage } from "./language.ts";
import { fill, type Params, type Text } from "./text.ts";

export { beginLanguage, chooseLanguage, LANGUAGES, type Language, useLanguage } from "./language.ts";
export type { Params } from "./text.ts";

/** `"frame.help"`: the area whose file has the text, and its key there. */
export type TextKey = { [Area in keyof English]: `${Area & string}.${keyof English[Area] & string}` }[keyof English];

/** Gives the text of a key in the page's language. */
export type Translate = (key: TextKey, params?: Params) => string;

const NONE: Params = {};

function find(dictionaries: Dictionaries, key: string): Text | undefined {
  const dot = key.indexOf(".");
  const area: Readonly<Record<string, Text>> | undefined = dictionaries[key.slice(0, dot) as keyof English];
  return area !== undefined && Object.hasOwn(area, key.slice(dot + 1)) ? area[key.slice(dot + 1)] : undefined;
}

/** The text of a key, outside React: what stands on the screen does not change with the language. */
export function text(key: TextKey, params: Params = NONE): string {
  const { dictionaries, locale } = useLanguage.getState();
  return fill(find(dictionaries, key) ?? key, params, locale);
}

/** Texts for a component, which is drawn again in another language; the same function until then. */
export function useText(): Translate {
  const dictionaries = useLanguage((state) => state.dictionaries);
  const locale = useLanguage((state) => state.locale);
  return useCallback(
    (key, params = NONE) => fill(find(dictionaries, key) ?? key, params, locale),
    [dictionaries, locale],
  );
}

/**
 * The text of a code, such as a problem's or a drop reason's, from an area that has codes for keys; what there is no text
 * for is given as it came.
 */
export function textOfCode(area: keyof English, code: string, params: Params = NONE, otherwise = code): string {
  const { dictionaries, locale } = useLanguage.getState();
  const found = find(dictionaries, `${area}.${code}`);
  return found === undefined ? otherwise : fill(found, params, locale);
}
