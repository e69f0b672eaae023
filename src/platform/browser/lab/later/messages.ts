/** In the place of platform/lab/messages.ts in a Worker: the same, once it has been loaded. Nobody is listened to before. */
import type * as Messages from "../../../lab/messages.ts";

export let readMessage: typeof Messages.readMessage;

export async function loadMessages(): Promise<void> {
  ({ readMessage } = await import("../../../lab/messages.ts"));
}
