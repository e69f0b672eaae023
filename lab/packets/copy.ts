import { request } from "../connection/index.ts";
import { text } from "../i18n/index.ts";
import { problemOf, problemText } from "./problem.ts";
import { say, sayFailed, usePackets } from "./store.ts";

/** Puts a text on the clipboard, and says so. */
export async function copyText(copied: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(copied);
    say(text("packets.copied"));
  } catch {
    sayFailed(text("packets.copyFailed"));
  }
}

export type CopyForm = "hex" | "text" | "json" | "curl";

/** Copies a packet in a form that the engine writes. */
export async function copyPacket(event: number, as: CopyForm): Promise<void> {
  const view = usePackets.getState().view;
  if (view === undefined) return;
  try {
    const { text: copied } = await request("packets.copy", { view: view.view, event, as });
    await copyText(copied);
  } catch (error) {
    sayFailed(problemText(problemOf(error)));
  }
}
