/** What a page in the pseudo-language shows that is not of it, or only in part. */
import type { Page } from "playwright-core";

/** What stands on the page as it is in every language: names of the network, of protocols and their fields, and what programs say. */
const AS_IT_IS =
  "[translate=no], .packet-row, [role=treeitem], code, kbd, td, .mono, script, style, noscript, .xterm, .seq-label, .cable-label, .cable-end, [hidden]";
/** Names of headers' fields and of sockets' numbers are the same in every language. */
const NAMES =
  "alice|bob|guest|hub|router|switch|chat|time|receiver|MAC|MTU|RTT|cwnd|Recv-Q|Send-Q|Tab|English|Chat room";

/** Runs in the page: texts with a word of ASCII letters, of which the pseudo-language has none. */
const UNTRANSLATED = `(() => {
  const NAMES = /(?<![A-Za-z])(?:${NAMES})(?:\\.\\w+)?(?![A-Za-z])|[\\w/-]+\\.yaml/g;
  const words = (text) => !/^\\s*\\[.*\\]\\s*$/s.test(text) && /[A-Za-z]{3,}/.test(text.replace(NAMES, ""));
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest(${JSON.stringify(AS_IT_IS)}) && words(node.data)) found.push("untranslated: " + node.data);
  }
  for (const named of document.querySelectorAll("[aria-label], [title], [placeholder]")) {
    if (named.closest(${JSON.stringify(AS_IT_IS)})) continue;
    for (const name of ["aria-label", "title", "placeholder"]) {
      const text = named.getAttribute(name) ?? "";
      if (!text.includes("[") && words(text)) found.push("untranslated " + name + ": " + text);
    }
  }
  return found;
})()`;

/** Runs in the page: what has more text than room, or stands where what is around it cuts it. */
const cutOffIn = (part: string): string => `(() => {
  const found = [];
  const own = (each) => [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
  for (const each of document.querySelectorAll(${JSON.stringify(part)})) {
    if (!own(each) || each.closest(${JSON.stringify(`${AS_IT_IS}, .unseen, .skip, option, svg, [role=gridcell]`)})) continue;
    const box = each.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || !each.checkVisibility({ visibilityProperty: true })) continue;
    const name = each.tagName.toLowerCase() + "." + each.className + ": " + each.textContent.slice(0, 60);
    if (getComputedStyle(each).overflowX !== "auto" && each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0) {
      found.push("too narrow: " + name);
      continue;
    }
    for (let around = each.parentElement; around; around = around.parentElement) {
      const { overflowX, overflowY, position } = getComputedStyle(around);
      if (/auto|scroll/.test(overflowX + overflowY) || position === "fixed" || around.tagName === "DIALOG") break;
      const edge = around.getBoundingClientRect();
      if (/hidden|clip/.test(overflowX) && (box.right > edge.right + 1 || box.left < edge.left - 1)) {
        found.push("cut at the side: " + name);
        break;
      }
      if (/hidden|clip/.test(overflowY) && (box.bottom > edge.bottom + 1 || box.top < edge.top - 1)) {
        found.push("cut above or below: " + name);
        break;
      }
    }
  }
  return found;
})()`;

export const untranslated = (page: Page): Promise<string[]> => page.evaluate(UNTRANSLATED);
/** @param part a selector of the elements that are looked at */
export const cutOff = (page: Page, part = "body *"): Promise<string[]> => page.evaluate(cutOffIn(part));
