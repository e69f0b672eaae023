/**
 * Requests that two recipients might end in different places: every pair of ways to write Content-Length,
 * Transfer-Encoding, Host, line ends and chunks. Behind each stands a second request; the content of the first hides a
 * third, which is one only for who reads the first wrongly.
 */

type Kind = "length" | "coding" | "host" | "other";

interface Line {
  readonly kind: Kind;
  /** The field line without its end; `N` stands for the length. */
  readonly text: string;
  /** Whether a strict server refuses it whatever stands beside it. */
  readonly refused: boolean;
  /** What ends the line. */
  readonly end?: string;
}

const good = (kind: Kind, text: string): Line => ({ kind, text, refused: false });
const bad = (kind: Kind, text: string, end?: string): Line =>
  end === undefined ? { kind, text, refused: true } : { kind, text, refused: true, end };

const LINES: readonly Line[] = [
  good("length", "Content-Length: N"),
  good("length", "content-length:N\t"),
  good("length", "Content-Length: 00N"),
  bad("length", "Content-Length: +N"),
  bad("length", "Content-Length: -N"),
  bad("length", "Content-Length: 0xN"),
  bad("length", "Content-Length: N, N"),
  bad("length", "Content-Length: N 0"),
  bad("length", "Content-Length: N;"),
  bad("length", "Content-Length: N\x0b"),
  bad("length", "Content-Length: \xa0N"),
  bad("length", "Content-Length:"),
  bad("length", "Content-Length : N"),
  bad("length", "Content-Length:\r\n N"),
  bad("length", "Content-Length: N\0"),
  bad("length", "X: y\nContent-Length: N"),
  bad("length", "X: y\rContent-Length: N"),
  bad("length", "Content-Length: N", "\n"),
  bad("length", "Content-Length: 18446744073709551621"),
  good("coding", "Transfer-Encoding: chunked"),
  good("coding", "transfer-encoding:\tChunked "),
  bad("coding", "Transfer-Encoding: xchunked"),
  bad("coding", "Transfer-Encoding: chunked, identity"),
  bad("coding", "Transfer-Encoding: identity, chunked"),
  bad("coding", "Transfer-Encoding: gzip, chunked"),
  bad("coding", "Transfer-Encoding: chunked, chunked"),
  bad("coding", "Transfer-Encoding: , chunked"),
  bad("coding", 'Transfer-Encoding: "chunked"'),
  bad("coding", "Transfer-Encoding: chunked;a=b"),
  bad("coding", "Transfer-Encoding: chunked\x0b"),
  bad("coding", "Transfer-Encoding: \xa0chunked"),
  bad("coding", "Transfer-Encoding: chunked\0"),
  bad("coding", "Transfer-Encoding: identity"),
  bad("coding", "Transfer-Encoding:"),
  bad("coding", "Transfer-Encoding : chunked"),
  bad("coding", "Transfer-Encoding\t: chunked"),
  bad("coding", "Transfer-Encoding:\r\n chunked"),
  bad("coding", " Transfer-Encoding: chunked"),
  bad("coding", "X: y\nTransfer-Encoding: chunked"),
  bad("coding", "X: y\rTransfer-Encoding: chunked"),
  bad("coding", "Transfer-Encoding: chunked", "\n"),
  bad("coding", "Transfer-Encoding: chunked", "\r"),
  good("host", "X-Host: b"),
  bad("host", "Host: b"),
  bad("host", "hOST: a"),
  bad("host", "Host:"),
  bad("host", "Host : b"),
  good("other", "Content_Length: N"),
  good("other", "Transfer_Encoding: chunked"),
  good("other", "X-Transfer-Encoding: chunked"),
  good("other", "TE: trailers"),
  bad("other", "Transfer-Encoding\0: chunked"),
  bad("other", "X: y\r\n z"),
  bad("other", "X y"),
  bad("other", ": y"),
  bad("other", "X: y", "\n"),
];

/** Ways to write the chunk that is all of the content; `S` stands for its size. */
const CHUNK_LINES: readonly (readonly [text: string, refused: boolean])[] = [
  ["S\r\n", false],
  ["0S\r\n", false],
  ['S;a="\\"b"\r\n', false],
  ["S ;a\r\n", false],
  ["S\n", true],
  ["S\r\r\n", true],
  ["S \r\n", true],
  ["S;\r\n", true],
  ["S;a\nb\r\n", true],
  ["S;a\rb\r\n", true],
  ["S;a=\0\r\n", true],
  ["0xS\r\n", true],
  ["+S\r\n", true],
  ["-S\r\n", true],
  [" S\r\n", true],
  ["S,\r\n", true],
  ["100000000000000000S\r\n", true],
];

export interface Vector {
  /** What is written into each target, so that logs can be told apart. */
  readonly id: number;
  readonly name: string;
  /** Three requests, as it were: `/first/…`, `/hidden/…`, `/second/…`. */
  readonly input: Uint8Array;
  /** The requests that a strict server takes: of "first", "hidden" and "second". */
  readonly taken: readonly string[];
  /** Whether it answers by an error in the end. */
  readonly refused: boolean;
}

const octets = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const hidden = (id: number): string => `GET /hidden/${id} HTTP/1.1\r\nHost: a\r\n\r\n`;
const second = (id: number): string => `GET /second/${id} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;

function make(id: number, lines: readonly Line[], content: string, length: number, version = "1.1"): Uint8Array {
  const fields = lines.map(({ text, end }) => text.replaceAll("N", String(length)) + (end ?? "\r\n")).join("");
  return octets(`POST /first/${id} HTTP/${version}\r\nHost: a\r\n${fields}\r\n${content}${second(id)}`);
}

/** Lines that frame the content, for whoever takes them. */
const count = (lines: readonly Line[], kind: Kind): number => lines.filter((line) => line.kind === kind).length;

/** What becomes of the lines, with content that ends before the hidden request by the coding, or by the length. */
function outcome(lines: readonly Line[], early: boolean): Pick<Vector, "taken" | "refused"> {
  const [lengths, codings] = [count(lines, "length"), count(lines, "coding")];
  if (lines.some((line) => line.refused) || lengths + codings > 1) return { taken: [], refused: true };
  // What stands there is content for nobody, and no request.
  if (lengths + codings === 0) return { taken: ["first"], refused: true };
  return { taken: early && codings === 1 ? ["first", "hidden", "second"] : ["first", "second"], refused: false };
}

/** All of them, each with an id of its own. */
export function* vectors(): Generator<Vector> {
  let id = 0;
  for (const a of LINES) {
    for (const b of LINES) {
      const lines = [a, b];
      const name = lines.map(({ text, end }) => JSON.stringify(text + (end ?? ""))).join(" and ");
      // By the length all of it is content; by the coding it ends before the hidden request.
      const early = `0\r\n\r\n${hidden(++id)}`;
      const mixed = count(lines, "coding") > 0;
      yield { id, name: `${name}, ends early`, input: make(id, lines, early, early.length), ...outcome(lines, true) };
      // By the coding all of it is content; by the length it ends before the hidden request.
      const size = hidden(++id).length.toString(16);
      const late = `${size}\r\n${hidden(id)}\r\n0\r\n\r\n`;
      const length = mixed ? size.length + 2 : late.length;
      yield { id, name: `${name}, ends late`, input: make(id, lines, late, length), ...outcome(lines, false) };
    }
  }
  const coding = LINES.find(({ kind }) => kind === "coding") as Line;
  for (const [text, refused] of CHUNK_LINES) {
    const size = hidden(++id).length.toString(16);
    const content = `${text.replace("S", size)}${hidden(id)}\r\n0\r\n\r\n`;
    const taken = refused ? ["first"] : ["first", "second"];
    yield { id, name: `chunk ${JSON.stringify(text)}`, input: make(id, [coding], content, 0), taken, refused };
  }
  for (const end of ["\n", "\r", "", "\r\n\n", "XX"]) {
    const size = hidden(++id).length.toString(16);
    const content = `${size}\r\n${hidden(id)}${end}0\r\n\r\n`;
    const name = `chunk that ends in ${JSON.stringify(end)}`;
    yield { id, name, input: make(id, [coding], content, 0), taken: ["first"], refused: true };
  }
  const old = `0\r\n\r\n${hidden(++id)}`;
  yield { id, name: "chunked in 1.0", input: make(id, [coding], old, 0, "1.0"), taken: [], refused: true };
}

const POISON = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";

/** An answer of an upstream in which another is hidden, by the coding or by the length, for who reads the first wrongly. */
export interface AnswerVector {
  readonly name: string;
  readonly input: Uint8Array;
}

/** Every pair of lines in an answer. */
export function* answerVectors(): Generator<AnswerVector> {
  for (const a of LINES) {
    for (const b of LINES) {
      const name = [a, b].map(({ text, end }) => JSON.stringify(text + (end ?? ""))).join(" and ");
      const early = `0\r\n\r\n${POISON}`;
      const size = POISON.length.toString(16);
      const late = `${size}\r\n${POISON}\r\n0\r\n\r\n`;
      for (const [content, length] of [
        [early, early.length],
        [early, 5],
        [late, size.length + 2],
        [POISON, 0],
      ] as const) {
        const fields = [a, b].map(({ text, end }) => text.replaceAll("N", String(length)) + (end ?? "\r\n")).join("");
        yield { name: `${name} with length ${length}`, input: octets(`HTTP/1.1 200 OK\r\n${fields}\r\n${content}`) };
      }
    }
  }
}
