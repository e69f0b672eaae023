/** A reporter that writes one line for each test that was skipped, or left to do: CI allows none. */
import type { TestEvent } from "node:test/reporters";

export default async function* skips(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (event.type !== "test:pass" && event.type !== "test:fail") continue;
    const { name, file, skip, todo } = event.data;
    if (skip) yield `${file}: ${name}: skipped${typeof skip === "string" ? `, ${skip}` : ""}\n`;
    if (todo) yield `${file}: ${name}: left to do\n`;
  }
}
