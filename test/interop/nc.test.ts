/** Our nc and Debian's talk with each other on the operating system's sockets, and say the same. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { describe, test } from "node:test";
import type { CommandContext } from "../../src/application/shell/command.ts";
import { HostFiles } from "../../src/application/shell/host-files.ts";
import { nc } from "../../src/application/shell/nc.ts";
import { osContext } from "../../src/platform/node/os-context.ts";
import { requireTool } from "../require.ts";
import { freePort } from "../support/free-port.ts";

interface Said {
  readonly out: string;
  readonly err: string;
  readonly status: number | null;
}

/** A netcat that runs: what it has said so far, and all of it at its end. */
interface Running {
  says(text: string): Promise<void>;
  readonly ended: Promise<Said>;
}

type Start = (line: string, input: string) => Running;

/** What is said, and who waits for some of it. */
class Saying {
  out = "";
  err = "";
  #looks: (() => void)[] = [];

  add(what: "out" | "err", text: string): void {
    this[what] += text;
    for (const look of this.#looks.splice(0)) look();
  }

  async says(text: string): Promise<void> {
    while (!`${this.out}${this.err}`.includes(text)) await new Promise<void>((resolve) => this.#looks.push(resolve));
  }
}

const theirs: Start = (line, input) => {
  const saying = new Saying();
  const child = spawn("nc", line.split(" "));
  child.stdout.setEncoding("utf8").on("data", (text: string) => saying.add("out", text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => saying.add("err", text));
  child.stdin.on("error", () => {}).end(input);
  const ended = once(child, "close").then(([status]) => ({
    out: saying.out,
    err: saying.err,
    status: status as number,
  }));
  return { says: (text) => saying.says(text), ended };
};

const ours: Start = (line, input) => {
  const saying = new Saying();
  const context: CommandContext = {
    ...osContext({ signal: new AbortController().signal }),
    host: {} as CommandContext["host"],
    io: {
      files: new HostFiles(),
      stdout: async (bytes) => saying.add("out", new TextDecoder().decode(bytes)),
      stderr: (text) => saying.add("err", text),
      async *stdin() {
        if (input !== "") yield new TextEncoder().encode(input);
      },
    },
  };
  const ended = nc.run(context, line.split(" ")).then((status) => ({ out: saying.out, err: saying.err, status }));
  return { says: (text) => saying.says(text), ended };
};

describe("nc", { timeout: 300_000 }, () => {
  for (const [name, server, client] of [
    ["ours serves theirs", ours, theirs],
    ["theirs serves ours", theirs, ours],
  ] as const) {
    test(`${name}, over TCP, each with something to say`, async (t) => {
      if (!requireTool(t, "nc")) return;
      const port = await freePort();
      const listening = server(`-lvn 127.0.0.1 ${port}`, "from the server\n");
      await listening.says("Listening on");
      const calling = client(`-vnN 127.0.0.1 ${port}`, "from the client\n");
      await listening.says("from the client");
      await calling.says("from the server");
      await calling.says("succeeded");
      // Theirs as a client ends only when the server does.
      const stopped = await Promise.race([calling.ended, listening.ended]);
      assert.equal(stopped.status, 0);
    });

    test(`${name}, over UDP`, async (t) => {
      if (!requireTool(t, "nc")) return;
      const port = await freePort();
      const listening = server(`-luvn -w 4 127.0.0.1 ${port}`, "");
      await listening.says("Bound on");
      const calling = client(`-un -w 1 127.0.0.1 ${port}`, "a datagram\n");
      await listening.says("a datagram");
      assert.equal((await calling.ended).status, 0);
      assert.equal((await listening.ended).status, 0);
    });
  }

  test("both say the same of ports, open and closed", async (t) => {
    if (!requireTool(t, "nc")) return;
    const server: Server = createServer().listen(0, "127.0.0.1");
    t.after(() => server.close());
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const closed = await freePort();
    for (const line of [
      `-zvn 127.0.0.1 ${port}`,
      `-zvn 127.0.0.1 ${closed}`,
      `-zn 127.0.0.1 ${closed}`,
      `-vn 127.0.0.1 ${closed}`,
    ]) {
      assert.deepEqual(await ours(line, "").ended, await theirs(line, "").ended, line);
    }
  });
});
