/** h11, which others wrote in Python, beside our parser and behind our serialiser. */
import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import {
  Fields,
  formatChunkSize,
  formatLastChunk,
  formatRequestHead,
  formatResponseHead,
} from "../../src/application/http/message/index.ts";
import { decodeLatin1, encodeLatin1 } from "../../src/base/latin1.ts";
import { Random } from "../../src/base/random.ts";
import { mutatorOf } from "../fuzz/fuzz.ts";
import { refuse } from "../require.ts";
import { size } from "../size.ts";
import { H11_DIFFERENCES } from "./disagreements.ts";
import { difference, type FirstMessage, hasH11, judgeByH11, judgeByUs, type ToJudge } from "./h11.ts";
import { REQUEST_SAMPLES, RESPONSE_SAMPLES } from "./samples.ts";

const MUTATED = size(40_000, 500_000);
const WRITTEN = size(1_000, 50_000);
/** As many as go to h11 at once. */
const BATCH = 20_000;

const requireH11 = (t: TestContext): boolean => hasH11() || refuse(t, "needs h11: apt-get install python3-h11");

/** Mutated messages, with a line end or two after them, so that most heads have an end. */
function* mutated(): Generator<ToJudge> {
  const mutators = [
    { kind: "request", mutator: mutatorOf("h11 request", REQUEST_SAMPLES) },
    { kind: "response", mutator: mutatorOf("h11 response", RESPONSE_SAMPLES) },
  ] as const;
  for (let n = 0; n < MUTATED; n++) {
    const { kind, mutator } = mutators[n % 2 === 0 ? 0 : 1];
    yield { kind, input: encodeLatin1(`${decodeLatin1(mutator.next())}${n % 4 < 2 ? "\r\n" : "\r\n\r\n"}`) };
  }
}

const TCHARS = "!#$%&'*+-.^_`|~0123456789abcxyzABCXYZ";

class Writer {
  readonly #random = new Random(3, "h11 writer");

  #text(characters: string, length: number): string {
    return Array.from({ length }, () => characters[this.#random.below(characters.length)]).join("");
  }

  #fields(): [string, string][] {
    const value = () => this.#text('abc \t,;="\\()\x80\xff\xa0~', this.#random.below(20));
    const name = () => `X-${this.#text(TCHARS, this.#random.below(12))}`;
    return Array.from({ length: this.#random.below(6) }, () => [name(), value()]);
  }

  /** A message that was written, and how it is to be read. */
  next(kind: "request" | "response"): { input: Uint8Array; wanted: FirstMessage } {
    const chunked = this.#random.below(2) === 0;
    const pieces = Array.from({ length: this.#random.below(4) }, () =>
      this.#text("abc\r\n\0\xff", 1 + this.#random.below(30)),
    );
    const body = pieces.join("");
    const trailers = new Fields(chunked ? this.#fields() : []);
    const framing: [string, string] = chunked
      ? ["Transfer-Encoding", "chunked"]
      : ["Content-Length", String(body.length)];
    const fields = new Fields([["Host", "a.example:80"], ...this.#fields(), framing]);
    const method = this.#text(TCHARS, 1 + this.#random.below(10));
    const target = `/${this.#text('/?&=;:@%20az|{}^"<>\\', this.#random.below(20))}`;
    const [status, reason] = [200 + this.#random.below(4), this.#text("ab \t\xff", this.#random.below(10))];
    const head =
      kind === "request" ? formatRequestHead(method, target, fields) : formatResponseHead(status, reason, fields);
    const chunks = pieces.map((piece) => `${formatChunkSize(piece.length)}${piece}\r\n`);
    const content = chunked ? chunks.join("") + formatLastChunk(trailers) : body;
    const lines = (list: Fields) => [...list].map(([name, value]) => `${name}: ${value}`);
    const wanted: FirstMessage = {
      line: kind === "request" ? `${method} ${target} 1.1` : `1.1 ${status} ${reason}`,
      fields: lines(fields),
      trailers: lines(trailers),
      body,
      complete: true,
      rest: 4,
      why: "",
    };
    return { input: encodeLatin1(`${head}${content}rest`), wanted };
  }
}

describe("h11", () => {
  test("reads what we write as it was meant", (t) => {
    if (!requireH11(t)) return;
    const writer = new Writer();
    const written = Array.from({ length: WRITTEN }, (_, n) => {
      const kind = n % 2 === 0 ? ("request" as const) : ("response" as const);
      return { kind, ...writer.next(kind) };
    });
    judgeByH11(written).forEach((read, n) => {
      assert.deepEqual(read, written[n]?.wanted);
    });
  });

  test("reads mutated messages as we do, but for the listed differences", (t) => {
    if (!requireH11(t)) return;
    const seen = new Map<string, string>();
    const listed = new Set(H11_DIFFERENCES.map(({ how }) => how));
    let batch: ToJudge[] = [];
    const judge = () => {
      judgeByH11(batch).forEach((theirs, n) => {
        const each = batch[n] as ToJudge;
        const how = difference(judgeByUs(each), theirs);
        if (how !== undefined) seen.set(how, JSON.stringify(decodeLatin1(each.input)));
      });
      batch = [];
    };
    for (const each of mutated()) if (batch.push(each) === BATCH) judge();
    assert.deepEqual(Object.fromEntries([...seen].filter(([how]) => !listed.has(how))), {});
    const common = H11_DIFFERENCES.filter(({ rare }) => rare === undefined).map(({ how }) => how);
    for (const how of common) assert.ok(seen.has(how), `${how}: listed, and not seen`);
  });
});

test("every difference cites what it rests on", () => {
  for (const { clause, why } of H11_DIFFERENCES) {
    assert.match(clause, /^RFC \d+ §/);
    assert.ok(why.length > 20);
  }
});
