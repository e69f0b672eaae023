import { useNativeLatin1 } from "../../base/latin1.ts";

/** Buffer's own methods, which take any Uint8Array: Node's types know them not. */
interface Latin1Methods {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
  latin1Write(this: Uint8Array, text: string, at: number, length: number): number;
}

/** Heads of messages are read and written by Node's own code, where it has it. */
export function plugLatin1(): void {
  const { latin1Slice, latin1Write } = Buffer.prototype as unknown as Partial<Latin1Methods>;
  if (typeof latin1Slice !== "function" || typeof latin1Write !== "function") return;
  useNativeLatin1({
    decode: (bytes, start, end) => latin1Slice.call(bytes, start, end),
    write: (text, into, at) => {
      latin1Write.call(into, text, at, text.length);
    },
  });
}
