import type { FolderEntry } from "../../files.ts";
import { encodeName } from "./file-path.ts";

/** One of a folder's entries as it is listed. */
export interface ListedEntry extends FolderEntry {
  /** Where it is, from the folder. */
  readonly href: string;
}

/** What of a folder is shown: no hidden files; folders first, then by name with numbers as numbers. */
export function listed(entries: readonly FolderEntry[]): ListedEntry[] {
  return entries
    .filter(({ name }) => !name.startsWith(".") && !/[/\\\p{Cc}]/u.test(name))
    .map((entry) => ({ ...entry, href: `${encodeName(entry.name)}${entry.kind === "folder" ? "/" : ""}` }))
    .sort((a, b) => rank(a) - rank(b) || compareNames(a.name, b.name));
}

const rank = ({ kind }: FolderEntry): number => (kind === "folder" ? 0 : 1);

const partsOf = (name: string): readonly string[] => name.toLowerCase().match(/\d+|\D+/g) ?? [];

/** Without the engine's locale, so that it is the same everywhere; numbers in names count as numbers. */
export function compareNames(a: string, b: string): number {
  const [parts, others] = [partsOf(a), partsOf(b)];
  for (let at = 0; at < Math.min(parts.length, others.length); at++) {
    const [left = "", right = ""] = [parts[at], others[at]];
    if (left === right) continue;
    const areNumbers = /^\d/.test(left) && /^\d/.test(right) && Number(left) !== Number(right);
    if (areNumbers) return Number(left) - Number(right);
    return left < right ? -1 : 1;
  }
  return parts.length - others.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** The scheme is the root's: on the body it would leave the page white behind the light text of the dark one. */
const STYLE = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.15rem .75rem .15rem 0}
td:nth-child(n+2),th:nth-child(n+2){text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
a{text-decoration:none}a:hover{text-decoration:underline}`;

/** What the page's own style is allowed by, and nothing else is (Content Security Policy level 3). */
export const LISTING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A page that lists a folder. @param path of the folder, decoded, for people */
export function listingPage(path: string, entries: readonly ListedEntry[], isTop: boolean): string {
  const title = escapeHtml(`Index of ${path}`);
  const rows = entries.map(({ name, kind, size, modified, href }) => {
    const shown = escapeHtml(kind === "folder" ? `${name}/` : name);
    const date = new Date(modified).toISOString().slice(0, 16).replace("T", " ");
    // A name such as "a:b" would be taken for a scheme without the "./".
    return `<tr><td><a href="./${escapeHtml(href)}">${shown}</a></td><td>${kind === "folder" ? "" : sizeOf(size)}</td><td>${date}</td></tr>`;
  });
  const none = entries.length === 0 ? "\n<p>Nothing is here.</p>" : "";
  const up = isTop ? [] : ['<tr><td><a href="../">../</a></td><td></td><td></td></tr>'];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>${STYLE}</style></head>
<body><h1>${title}</h1>
<table><thead><tr><th>Name</th><th>Size</th><th>Modified (UTC)</th></tr></thead><tbody>
${[...up, ...rows].join("\n")}
</tbody></table>${none}</body></html>
`;
}

/** The same for programs. */
export const listingJson = (entries: readonly ListedEntry[]): string =>
  JSON.stringify(
    entries.map(({ name, kind, size, modified, href }) => ({
      name,
      kind,
      size,
      modified: new Date(modified).toISOString(),
      href,
    })),
  );

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it stands in HTML, in an attribute too. */
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? "");

/** Bytes in the unit that suits. */
export function sizeOf(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return power === 0 ? `${bytes} B` : `${(bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}
