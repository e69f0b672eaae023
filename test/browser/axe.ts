import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";

/** The rule that goes by colours; all others say the same of either theme. */
const BY_COLOUR = "color-contrast";

/** What axe finds wrong on a page as it is now in light, and of its colours in the dark. @param part a selector; the whole page unless given */
export async function violations(page: Page, part?: string): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await run(page, part, [BY_COLOUR]);
  await page.emulateMedia({ colorScheme: "light" });
  return [...(await run(page, part)), ...dark.map((each) => `in the dark: ${each}`)];
}

/** @param rules all unless given */
async function run(page: Page, part: string | undefined, rules?: readonly string[]): Promise<string[]> {
  const where = part === undefined ? "document" : JSON.stringify(part);
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  // Themes are told by React: a picture later all of the page has the one that is asked for.
  const { violations } = (await page.evaluate(
    `new Promise(requestAnimationFrame).then(() => axe.run(${where}, ${JSON.stringify(options)}))`,
  )) as axe.AxeResults;
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
  );
}

/** Fails for whatever axe finds, in either theme. */
export async function assertAccessible(page: Page, part?: string): Promise<void> {
  assert.deepEqual(await violations(page, part), []);
}
