import type { FollowedStream } from "../../../src/engine/protocol/index.ts";
import { hexDump } from "../detail/hex-lines.ts";

/** A piece of a stream with its bytes read. */
export interface Said {
  readonly direction: 0 | 1;
  readonly number: number;
  readonly event: number;
  readonly time: number;
  readonly bytes: Uint8Array;
}

export type Side = "both" | "client" | "server";

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** The pieces of one side or both. */
export function said(stream: FollowedStream, side: Side): Said[] {
  return stream.pieces
    .filter((piece) => side === "both" || (piece.direction === 0) === (side === "client"))
    .map((piece) => ({ ...piece, bytes: bytesOf(piece.bytes) }));
}

/**
 * A piece as text. UTF-8 where it is; every control character but tab and line ends is shown by its picture (U+2400 …), so that
 * nothing that a packet carries moves, hides or turns round what stands here.
 */
export function readable(bytes: Uint8Array): string {
  return new TextDecoder()
    .decode(bytes)
    .replaceAll("\r\n", "\n")
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (letter) => {
      if (letter === "\n" || letter === "\t") return letter;
      const code = letter.codePointAt(0) ?? 0;
      if (code < 0x20) return String.fromCodePoint(0x2400 + code);
      return code === 0x7f ? "␡" : "\u{fffd}";
    });
}

/** All that was said, one piece after the other: what "Save" writes. */
export function joinedBytes(pieces: readonly Said[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.bytes.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece.bytes, at);
    at += piece.bytes.length;
  }
  return all;
}

/** Bytes each side has said. */
export function sums(stream: FollowedStream): readonly [client: number, server: number] {
  const sum: [number, number] = [0, 0];
  for (const piece of stream.pieces) {
    const padding = piece.bytes.endsWith("==") ? 2 : piece.bytes.endsWith("=") ? 1 : 0;
    sum[piece.direction] += (piece.bytes.length / 4) * 3 - padding;
  }
  return sum;
}

/** For the clipboard: text or dumps, the sides told apart by a mark at each piece. */
export function written(pieces: readonly Said[], as: "text" | "hex"): string {
  return pieces
    .map((piece) => {
      const body = as === "text" ? readable(piece.bytes) : hexDump(piece.bytes);
      return as === "text"
        ? body
        : body
            .split("\n")
            .map((line) => (piece.direction === 0 ? line : `    ${line}`))
            .join("\n");
    })
    .join(as === "text" ? "" : "\n");
}
