import type { Fragment } from "../../src/engine/protocol/index.ts";
import { RequestError, request } from "../connection/index.ts";
import { text, textOfCode } from "../i18n/index.ts";
import { selectDevices, useSelection } from "../selection.ts";
import { pinned, remove } from "./commands.ts";
import { edit, say } from "./document.ts";

const KEPT = "netarium-clipboard";
/** How far from what was copied it is pasted, so that both are seen. */
const BESIDE = [60, 60] as const;

/** What was copied in this tab, or in another where the browser lets tabs share. */
let copied: Fragment | undefined;

function clipboard(): Fragment | undefined {
  try {
    const kept = localStorage.getItem(KEPT);
    return kept === null ? copied : (JSON.parse(kept) as Fragment);
  } catch {
    return copied;
  }
}

export const canPaste = (): boolean => clipboard() !== undefined;

/** Copies what is selected, with the cables between. */
export async function copy(): Promise<boolean> {
  const { devices } = useSelection.getState();
  if (devices.length === 0) return false;
  try {
    const { fragment } = await request("document.copy", { devices });
    copied = fragment;
    localStorage.setItem(KEPT, JSON.stringify(fragment));
    say(text("edit.copied", { count: Object.keys(fragment.devices).length }));
    return true;
  } catch (error) {
    if (error instanceof RequestError) {
      const { code, params, text: english } = error.problem;
      say(textOfCode("problems", code, params, english), true);
    }
    // Storage without room: it is copied in this tab all the same.
    return !(error instanceof RequestError);
  }
}

export async function cut(): Promise<void> {
  if (await copy()) await remove();
}

export async function paste(): Promise<void> {
  const fragment = clipboard();
  if (fragment === undefined) return;
  const added = await edit([...pinned(), { do: "paste", fragment, addresses: "keep", by: BESIDE }]);
  if (added !== undefined) selectDevices(added);
}
