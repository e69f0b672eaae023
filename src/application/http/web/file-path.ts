import { normalPath } from "../path.ts";

/** Bytes of one name; no file system has longer ones. */
const NAME_LIMIT = 255;
/** Folders inside each other. */
const DEPTH_LIMIT = 64;

/** What a request-target names in a tree of files. */
export interface FilePath {
  /** As {@link Files.find} takes it, without a slash at the end. */
  readonly path: string;
  /** Whether the target ends in a slash: it names a folder. */
  readonly isFolder: boolean;
  /** In the one spelling that all of a path's have, percent-encoded. */
  readonly encoded: string;
  /** With its "?"; "" where there is none. */
  readonly query: string;
}

/**
 * The file that a request-target names. Dots and slashes are resolved first, in every encoding; then each name is decoded once
 * and must be one name: UTF-8, without a slash, backslash, NUL or control character.
 * @returns 400 for what is no path, 404 for what can name no file here: hidden ones, which begin with a dot, too
 *   (but `.well-known` at the top, RFC 8615)
 */
export function filePath(target: string): FilePath | 400 | 404 {
  const normal = normalPath(target);
  if (normal === undefined) return 400;
  const { path: encoded, query } = normal;
  const parts = encoded.slice(1).split("/");
  const isFolder = parts.at(-1) === "";
  if (isFolder) parts.pop();
  if (parts.length > DEPTH_LIMIT) return 404;
  const names: string[] = [];
  for (const [index, part] of parts.entries()) {
    const name = decodeName(part);
    if (name === undefined) return 400;
    if (name.startsWith(".") && !(index === 0 && name === ".well-known")) return 404;
    if (part.length > NAME_LIMIT * 3) return 404;
    names.push(name);
  }
  return { path: names.join("/"), isFolder, encoded, query };
}

/** @returns undefined for what is not one name */
function decodeName(part: string): string | undefined {
  let name: string;
  try {
    // Refuses all that is not UTF-8: overlong forms, surrogates, bytes alone (RFC 3629 §3).
    name = decodeURIComponent(part);
  } catch {
    return undefined;
  }
  return name === "" || /[/\\\p{Cc}]/u.test(name) ? undefined : name;
}

/** A name as it stands in a URL's path. */
export const encodeName = (name: string): string =>
  encodeURIComponent(name.replaceAll(/\p{Cs}/gu, "\ufffd")).replaceAll("'", "%27");
