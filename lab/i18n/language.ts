import { create } from "zustand";
import { en } from "./en/index.ts";
import { pseudo } from "./pseudo.ts";
import type { Dictionary, Translation } from "./text.ts";

/** The languages of the page, each by its own name. */
export const LANGUAGES = { en: "English", zh: "简体中文" } as const;

/** `"pseudo"` is for tests: English that can be told from what was not translated. */
export type Language = keyof typeof LANGUAGES | "pseudo";

export type English = typeof en;
export type Dictionaries = { readonly [Area in keyof English]: Translation<English[Area]> };

interface LanguageState {
  readonly language: Language;
  readonly dictionaries: Dictionaries;
  /** For `Intl`. */
  readonly locale: string;
}

export const useLanguage = create<LanguageState>(() => ({ language: "en", dictionaries: en, locale: "en" }));

const KEPT = "netarium-language";

/** Whether a word names a language of the page. */
export const isLanguage = (word: string | null | undefined): word is Language =>
  word === "pseudo" || (typeof word === "string" && Object.hasOwn(LANGUAGES, word));

/** What a reader who has chosen nothing sees: the first of the browser's languages that the page has. */
export function preferred(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split("-")[0];
    if (isLanguage(language)) return language;
  }
  return "en";
}

/** Switches the page. Other languages than English are loaded when they are asked for. */
export async function setLanguage(language: Language): Promise<void> {
  const dictionaries = await load(language);
  const locale = language === "zh" ? "zh-CN" : "en";
  useLanguage.setState({ language, dictionaries, locale });
  document.documentElement.lang = locale;
}

/** Switches it, and remembers that it was chosen. */
export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language);
  await setLanguage(language);
}

/** The language that was chosen, else the browser's: before anything is shown. */
export async function beginLanguage(): Promise<void> {
  const kept = localStorage.getItem(KEPT);
  await setLanguage(isLanguage(kept) ? kept : preferred(navigator.languages));
}

async function load(language: Language): Promise<Dictionaries> {
  if (language === "zh") return (await import("./zh/index.ts")).zh;
  if (language === "pseudo") return pseudoOf(en);
  return en;
}

function pseudoOf(english: English): Dictionaries {
  const areas = Object.entries(english as Readonly<Record<string, Dictionary>>);
  return Object.fromEntries(areas.map(([area, dictionary]) => [area, pseudo(dictionary)])) as unknown as Dictionaries;
}
