import type { Clockwork } from "../clockwork.ts";
import { RequestError } from "../request-error.ts";
import type { Handlers, MethodsOf } from "./handlers.ts";

/** The terminals of hosts. What is typed is an input of the network: it comes when time goes on. */
export function terminalMethods(clockwork: Clockwork): Handlers<MethodsOf<"terminal">> {
  const terminals = () => {
    if (clockwork.replacing)
      throw new RequestError("replaying", "a rewind is under way: what is typed now would be lost");
    return clockwork.course.terminals;
  };
  const done = (taken: boolean, terminal: number): Record<string, never> => {
    if (!taken)
      throw new RequestError("no-terminal", `there is no terminal ${terminal}, or too much waits in it`, { terminal });
    return {};
  };
  return {
    "terminal.open": ({ host, columns, rows }) => {
      const terminal = terminals().open(host, columns, rows);
      if (terminal === undefined) {
        throw new RequestError("terminal-refused", `no terminal can be opened on ${host}: no such host, or too many`, {
          host,
        });
      }
      return { terminal };
    },
    "terminal.input": ({ terminal, text }) => done(terminals().input(terminal, text), terminal),
    "terminal.resize": ({ terminal, columns, rows }) => done(terminals().resize(terminal, columns, rows), terminal),
    "terminal.close": ({ terminal }) => done(terminals().close(terminal), terminal),
    "terminal.list": (_, watcher) => {
      watcher.forgetTerminals();
      return { terminals: clockwork.course.terminals.list() };
    },
  };
}
