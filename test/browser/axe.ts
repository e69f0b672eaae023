import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe finds wrong on a page as it is now, or in a part of it. @param part a selector */
export async function violations(page: Page, part?: string): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const run = `axe.run(${part === undefined ? "document" : JSON.stringify(part)}, { resultTypes: ["violations"] })`;
  const { violations } = (await page.evaluate(run)) as axe.AxeResults;
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
  );
}

/** Fails for whatever axe finds. */
export async function assertAccessible(page: Page, part?: string): Promise<void> {
  assert.deepEqual(await violations(page, part), []);
}
