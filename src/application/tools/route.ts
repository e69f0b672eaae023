import type { Command } from "../shell/command.ts";
import { readOptions } from "../shell/options.ts";
import { print } from "./output.ts";
import { routeLines } from "./routes.ts";

/** Shows the routing table as net-tools do. It changes nothing. */
export const route: Command = {
  name: "route",
  summary: "Show the routing table.",
  usage: "[-n]",
  async run(context, args) {
    const options = readOptions(args, "en");
    if (typeof options === "string" || options.operands.length > 0) {
      context.io.stderr(`route: ${typeof options === "string" ? options : "routes are shown here, not changed"}\n`);
      return 4;
    }
    await print(context, ...routeLines(context, options.given.has("n"), options.given.has("e") ? "netstat" : "route"));
    return 0;
  },
};
