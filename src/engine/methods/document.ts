import type { Desk } from "../document/desk.ts";
import { RequestError } from "../request-error.ts";
import type { Handlers, MethodsOf } from "./handlers.ts";

/** What a network is called that was opened without a name. */
const UNNAMED = "network.yaml";

/** The document of the network, and other networks in its place. @param desk undefined where documents cannot be edited */
export function documentMethods(desk: () => Desk | undefined): Handlers<MethodsOf<"document">> {
  const open = (): Desk => {
    const there = desk();
    if (there === undefined) throw new RequestError("no-editing", "this engine does not edit documents");
    return there;
  };
  return {
    "document.get": (_, watcher) => {
      watcher.watchDocument();
      return open().state;
    },
    "document.edit": ({ commands, ...seen }) => open().edit(seen, commands),
    "document.replace": ({ text, ...seen }) => open().replace(seen, text),
    "document.undo": (seen) => open().undo(seen),
    "document.redo": (seen) => open().redo(seen),
    "document.check": ({ text }) => open().check(text),
    "document.saved": ({ version }) => {
      open().saved(version);
      return {};
    },
    "document.copy": ({ devices }) => ({ fragment: open().copy(devices) }),
    "document.open": ({ text, file, example, play = false }) => {
      const what = { ...(text !== undefined && { text }), ...(example !== undefined && { example }) };
      return open().open(what, { file: file ?? example ?? UNNAMED, play });
    },
    "document.examples": () => ({ examples: open().examples }),
  };
}
