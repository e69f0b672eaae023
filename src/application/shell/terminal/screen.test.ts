import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { size } from "../../../../test/size.ts";
import { cellWidth } from "./cell-width.ts";
import { Screen, type Typed } from "./screen.ts";

const ROWS = 4000;

/** As much of a terminal as a screen makes use of: rows that never scroll, and a wrap that waits for the next letter. */
class Paper {
  readonly #rows: string[][] = [[]];
  readonly #columns: number;
  row = 0;
  column = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are read
    for (const [piece, count, final] of text.matchAll(/\x1b\[\??([\d;]*)([A-Za-z])|./gsu)) {
      if (final === undefined) this.#put(piece);
      else this.#obey(final, Number(count) || 1);
    }
  }

  #obey(final: string, count: number): void {
    if (final === "m") return;
    this.column = Math.min(this.column, this.#columns - 1);
    if (final === "A") this.row = Math.max(0, this.row - count);
    else if (final === "B") this.row += count;
    else if (final === "C") this.column = Math.min(this.#columns - 1, this.column + count);
    else if (final === "D") this.column = Math.max(0, this.column - count);
    else if (final === "J") {
      this.#rows.length = this.row + 1;
      this.#at(this.row).length = this.column;
    } else assert.fail(`CSI ${final}`);
  }

  #at(row: number): string[] {
    while (this.#rows.length <= row) this.#rows.push([]);
    assert.ok(row < ROWS);
    return this.#rows[row] as string[];
  }

  #put(character: string): void {
    if (character === "\r") this.column = 0;
    else if (character === "\n") this.row++;
    else {
      assert.ok(character >= " ", JSON.stringify(character));
      const width = cellWidth(character);
      if (this.column + width > this.#columns) {
        this.row++;
        this.column = 0;
      }
      const row = this.#at(this.row);
      while (row.length < this.column) row.push(" ");
      row.splice(this.column, width, ...[character, ...Array<string>(width).fill("")].slice(0, width));
      this.column += width;
    }
  }

  /** What stands there, without blanks at the ends of rows, and where the cursor is. */
  get shown(): { text: string; row: number; column: number } {
    const text = this.#rows
      .map((row) =>
        Array.from(row, (cell) => cell ?? " ")
          .join("")
          .trimEnd(),
      )
      .join("\n")
      .trimEnd();
    const isFull = this.column === this.#columns;
    return { text, row: isFull ? this.row + 1 : this.row, column: isFull ? 0 : this.column };
  }
}

const typed = (prompt: string, text: string, cursor = [...text].length): Typed => ({
  prompt,
  style: prompt === "" ? undefined : "1",
  characters: [...text],
  cursor,
});

function screen(columns: number) {
  const paper = new Paper(columns);
  return { paper, screen: new Screen(columns, (text) => paper.write(text)) };
}

describe("the screen of a terminal", () => {
  test("output comes above a prompt with what is typed", () => {
    const { paper, screen: it } = screen(20);
    it.edit(typed("pc1$ ", "ping pc2", 4));
    it.write("one\ntwo");
    assert.deepEqual(paper.shown, { text: "one\ntwo\npc1$ ping pc2", row: 2, column: 9 });
  });

  test("what is typed for a program stands behind its output, and moves on with it", () => {
    const { paper, screen: it } = screen(20);
    it.write("Name: ");
    it.edit(typed("", "Ad"));
    it.write("(late) ");
    assert.deepEqual(paper.shown, { text: "Name: (late) Ad", row: 0, column: 15 });
    it.commit();
    it.write("Hello\n");
    assert.deepEqual(paper.shown, { text: "Name: (late) Ad\nHello", row: 2, column: 0 });
  });

  test("a carriage return goes back to the beginning of the output's line", () => {
    const { paper, screen: it } = screen(20);
    it.write(" 10%\r 100%\r\ndone\n");
    assert.equal(paper.shown.text, " 100%\ndone");
  });

  test("a line that fills its row, and one with wide letters, leave the cursor where the terminal has it", () => {
    const { paper, screen: it } = screen(10);
    it.edit(typed("pc1$ ", "12345"));
    assert.deepEqual(paper.shown, { text: "pc1$ 12345", row: 1, column: 0 });
    it.edit(typed("pc1$ ", "1234世界", 5));
    assert.deepEqual(paper.shown, { text: "pc1$ 1234\n世界", row: 1, column: 2 });
    it.commit();
    it.write("x\n");
    assert.equal(paper.shown.text, "pc1$ 1234\n世界\nx");
  });

  test("tabulators lead to every eighth column", () => {
    const { paper, screen: it } = screen(40);
    it.write("a\tb\t\tc\n");
    assert.equal(paper.shown.text, "a       b               c");
  });

  test("whatever happens, a terminal shows what an empty one would be shown", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", " ", "世", "é", "e\u0301"), maxLength: 25 });
    const output = fc.string({ unit: fc.constantFrom("a", "xyz", " ", "世", "\n", "\r\n", "\t"), maxLength: 30 });
    const step = fc.oneof(
      fc.record({ do: fc.constant("write" as const), text: output }),
      fc.record({ do: fc.constant("lines" as const), text: output }),
      fc.record({
        do: fc.constant("edit" as const),
        text: letters,
        prompt: fc.constantFrom("", "pc1$ "),
        back: fc.nat(6),
      }),
      fc.record({ do: fc.constant("commit" as const) }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 12 }), fc.array(step, { maxLength: 20 }), (columns, steps) => {
        const { paper, screen: it } = screen(columns);
        for (const each of steps) {
          if (each.do === "write") it.write(each.text);
          else if (each.do === "lines") it.writeLines(each.text);
          else if (each.do === "commit") it.commit();
          else {
            const { length } = [...each.text];
            it.edit(typed(each.prompt, each.text, Math.max(0, length - each.back)));
          }
          const again = new Paper(columns);
          again.write(it.shown);
          assert.deepEqual(paper.shown, again.shown);
        }
      }),
      { numRuns: size(300, 20_000), seed: 1 },
    );
  });
});
