import { request } from "../connection/index.ts";
import { formatBytes } from "../i18n/format.ts";
import { text } from "../i18n/index.ts";
import { bytesOf } from "./follow/pieces.ts";
import { problemOf, problemText } from "./problem.ts";
import { say, sayFailed } from "./store.ts";

/** Saves something under a name, as the browser saves files. */
export function save(name: string, parts: BlobPart[], type: string): void {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it when the click returns; it is freed once that is surely so.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A file's name of what it is of: letters, digits, dots and dashes. */
export const fileName = (of: string, ending: string): string =>
  `${of.replace(/[^\p{L}\p{N}.-]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "") || "capture"}.${ending}`;

/** Saves a capture: the rows of a view as they are filtered, or without one all events. */
export async function saveCapture(name: string, view: number | undefined): Promise<void> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  let next: string | undefined;
  try {
    do {
      const piece = await request("packets.export", {
        ...(view === undefined ? {} : { view }),
        ...(next === undefined ? {} : { next }),
      });
      const bytes = bytesOf(piece.bytes);
      parts.push(bytes);
      size += bytes.length;
      next = piece.next;
      say(text("packets.exporting", { size: formatBytes(size) }));
    } while (next !== undefined);
    save(name, parts, "application/x-pcapng");
    say(text("packets.exported", { size: formatBytes(size), name }));
  } catch (error) {
    sayFailed(text("packets.exportFailed", { message: problemText(problemOf(error)) }));
  }
}
