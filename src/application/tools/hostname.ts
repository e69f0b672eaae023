import type { Command } from "../shell/command.ts";
import { readOptions } from "../shell/options.ts";
import { print } from "./output.ts";

/** Says the host's name, or with -I its addresses. */
export const hostname: Command = {
  name: "hostname",
  summary: "Show the host's name.",
  usage: "[-I]",
  async run(context, args) {
    const options = readOptions(args, "sI");
    if (typeof options === "string" || options.operands.length > 0) {
      context.io.stderr(`hostname: ${typeof options === "string" ? options : "you cannot change the host name"}\n`);
      return 1;
    }
    const { host } = context;
    const interfaces = host.snapshot().ipv4.interfaces.filter(({ name }) => name !== "lo");
    const addresses = interfaces.flatMap((item) => item.addresses.map((address) => address.split("/")[0]));
    await print(context, options.given.has("I") ? `${addresses.join(" ")} ` : host.name);
    return 0;
  },
};
