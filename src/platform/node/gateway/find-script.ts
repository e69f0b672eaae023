import { accessSync, constants, realpathSync, type Stats, statSync } from "node:fs";
import { join, sep } from "node:path";

/** A script in a folder, as a path names it. */
export interface FoundScript {
  /** Bytes, each a character: the part of the path that named it. */
  readonly scriptName: string;
  /** The rest, "" or from "/" on. */
  readonly pathInfo: string;
  /** On this machine. */
  readonly file: string;
}

export interface FindOptions {
  /** The folder with the scripts. */
  readonly root: string;
  /** What a script's name must end in: `".php"`; any unless given. */
  readonly extension?: string | undefined;
  /** The script of a folder that the path names: `"index.php"`. */
  readonly index?: string | undefined;
  /** Whether it must be one that this user may execute. */
  readonly executable: boolean;
}

/**
 * The script that a path names, and what follows it (RFC 3875 §4.1.5, §4.1.13). Names that begin with "." are never found, nor
 * what links lead to outside the folder.
 * @param path of `pathBytes`: bytes, each a character
 */
export function findScript(path: string, options: FindOptions): FoundScript | undefined {
  const segments = path.split("/").slice(1);
  let file = options.root;
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const name = segment === "" && isLast ? options.index : nameOf(segment);
    if (name === undefined) return undefined;
    file = join(file, name);
    const stats = statOf(file);
    if (stats === undefined) return undefined;
    if (stats.isDirectory()) continue;
    if (!stats.isFile() || !isScript(file, options)) return undefined;
    const rest = segments.slice(index + 1);
    const before = `/${segments.slice(0, index).join("/")}`.replace(/^\/$/, "");
    const pathInfo = rest.length === 0 ? "" : `/${rest.join("/")}`;
    return { scriptName: `${before}/${toBytes(name)}`, pathInfo, file };
  }
  return undefined;
}

/** A segment as a file's name. */
function nameOf(segment: string): string | undefined {
  if (segment === "" || segment.startsWith(".") || segment.includes("/") || segment.includes("\0")) return undefined;
  return fromBytes(segment);
}

function statOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined; // a name too long, a folder that may not be entered
  }
}

function isScript(file: string, { root, extension = "", executable }: FindOptions): boolean {
  if (!file.endsWith(extension)) return false;
  try {
    if (executable) accessSync(file, constants.X_OK);
    return realpathSync(file).startsWith(realpathSync(root) + sep);
  } catch {
    return false;
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text from bytes that are each a character; undefined when they are not UTF-8. */
export function fromBytes(bytes: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return undefined;
  }
}

/** Text as bytes that are each a character. */
export const toBytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1");
