import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nodePlatform, runLoopOf } from "../../test/support/run-loop.ts";
import { echoServer } from "../application/echo/server.ts";
import type { CommandIo } from "../application/shell/command.ts";
import { COMMANDS } from "../application/shell/commands.ts";
import { HostFiles } from "../application/shell/host-files.ts";
import { type Instant, milliseconds, seconds } from "../time/instant.ts";
import { startCommand } from "./commands.ts";
import { Network } from "./network.ts";

/** Streams in memory. */
class Streams implements CommandIo {
  out = "";
  err = "";
  readonly files = new HostFiles();
  readonly #input: string | (() => void);

  /** @param input what stands on standard input; a function for one that never ends, called when it is read */
  constructor(input: string | (() => void)) {
    this.#input = input;
  }

  readonly stdout = async (bytes: Uint8Array): Promise<void> => {
    this.out += new TextDecoder().decode(bytes);
  };
  readonly stderr = (text: string): void => {
    this.err += text;
  };
  readonly stdin = async function* (this: Streams): AsyncGenerator<Uint8Array> {
    if (typeof this.#input === "function") {
      this.#input();
      await new Promise(() => {});
    } else if (this.#input !== "") yield new TextEncoder().encode(this.#input);
  }.bind(this);
}

/** Two hosts on a cable, pc2 with an echo server on port 7. */
function lab() {
  const network = new Network();
  const pc1 = network.host("pc1", { address: "10.0.0.1/24" });
  const pc2 = network.host("pc2", { address: "10.0.0.2/24" });
  network.cable(pc1, pc2, { delay: "1ms" });
  network.start(pc2, echoServer, { port: 7 });
  const loop = runLoopOf(network);
  const hosts = { pc1, pc2 };
  const start = (host: keyof typeof hosts, line: string, input: string | (() => void) = "") => {
    const [name = "", ...args] = line.split(" ");
    const io = new Streams(input);
    const command = COMMANDS.get(name);
    assert.ok(command);
    const run = startCommand(network, hosts[host], command, args, io);
    return { io, run };
  };
  /** @returns the status, or undefined when it still runs after so many seconds */
  const execute = async (line: string, input = "", time = 60) => {
    const { io, run } = start("pc1", line, input);
    let status: number | undefined;
    void run.ended.then((code) => {
      status = code;
      loop.stop();
    });
    await loop.run((network.now + seconds(time)) as Instant);
    return { status, out: io.out, err: io.err };
  };
  return { network, loop, start, execute };
}

describe("commands on hosts", () => {
  test("nc sends standard input and writes what comes back, until the far end closes", async () => {
    assert.deepEqual(await lab().execute("nc -N pc2 7", "hello\n"), { status: 0, out: "hello\n", err: "" });
  });

  test("nc -v tells of connections that are made and refused, as netcat does", async () => {
    const { execute } = lab();
    assert.deepEqual(await execute("nc -vz pc2 7-8"), {
      status: 0,
      out: "",
      err:
        "Connection to pc2 (10.0.0.2) 7 port [tcp/*] succeeded!\n" +
        "nc: connect to pc2 (10.0.0.2) port 8 (tcp) failed: Connection refused\n",
    });
    assert.deepEqual(await execute("nc 10.0.0.2 8"), { status: 1, out: "", err: "" });
    const err = 'nc: getaddrinfo for host "nobody" port 8: Name or service not known\n';
    assert.deepEqual(await execute("nc nobody 8"), { status: 1, out: "", err });
  });

  test("nc -w ends a silence, and an attempt that nobody answers", async () => {
    const { network, execute } = lab();
    assert.equal((await execute("nc -w 3 pc2 7", "x")).status, 0);
    assert.equal(Math.floor(network.now / 1e9), 3);
    const { status, err } = await execute("nc -v -w 1 10.0.0.9 7");
    assert.equal(status, 1);
    assert.match(err, /failed: (Connection timed out|No route to host)\n$/);
  });

  test("nc -l takes one connection, with -k one after the other", async () => {
    for (const [options, wanted] of [
      ["-lv", { out: "one", status: 0 }],
      ["-lvk", { out: "onetwo", status: undefined }],
    ] as const) {
      const { loop, network, start, execute } = lab();
      const { io, run } = start("pc2", `nc ${options} 9000`);
      let status: number | undefined;
      void run.ended.then((code) => {
        status = code;
      });
      await loop.run((network.now + milliseconds(1)) as Instant);
      await execute("nc -q 1 pc2 9000", "one");
      await execute("nc -q 1 pc2 9000", "two");
      await loop.run((network.now + seconds(1)) as Instant);
      assert.deepEqual({ out: io.out, status }, wanted);
      assert.match(io.err, /^Listening on 0\.0\.0\.0 9000\nConnection received on 10\.0\.0\.1 \d+\n/);
    }
  });

  test("nc -u talks in datagrams with who spoke first", async () => {
    const { loop, network, start, execute } = lab();
    const { io, run } = start("pc2", "nc -lu 9000", "answer");
    await loop.run((network.now + milliseconds(1)) as Instant);
    assert.equal((await execute("nc -u -w 1 pc2 9000", "question")).out, "answer");
    assert.equal(io.out, "question");
    run.interrupt();
    await loop.run((network.now + seconds(1)) as Instant);
    assert.equal(await run.ended, 130);
  });

  test("an interrupted command ends with 130, though time stands still for its input; a killed one with 137", async () => {
    for (const [end, code] of [
      ["interrupt", 130],
      ["kill", 137],
    ] as const) {
      const { loop, start } = lab();
      const reads = (): void => {
        void nodePlatform.turn().then(() => {
          run[end]();
          loop.wake();
        });
      };
      const { run } = start("pc1", "nc pc2 7", reads);
      const ended = run.ended.then((status) => {
        loop.stop();
        return status;
      });
      await loop.run();
      assert.equal(await ended, code);
    }
  });

  test("bad usage is told with the usage", async () => {
    const { execute } = lab();
    for (const line of ["nc", "nc pc2", "nc -x pc2 7", "nc pc2 70000", "nc -k pc2 7", "nc -w x pc2 7"]) {
      const { status, err } = await execute(line);
      assert.equal(status, 1, line);
      assert.match(err, /^nc: \S+/, line);
    }
  });

  test("curl is there, and help lists it", async () => {
    const { execute } = lab();
    const { status, err } = await execute("curl -sS http://pc2:8/");
    assert.equal(status, 7);
    assert.match(err, /^curl: \(7\) Failed to connect to pc2 port 8/);
    const { out } = await execute("help");
    for (const { name, summary } of COMMANDS.values()) assert.ok(out.includes(`${name} `) && out.includes(summary));
    assert.match((await execute("help nc")).out, /^Usage: nc \[-kl/);
    assert.equal((await execute("help what")).status, 1);
  });
});

test("telnet sends lines with CR LF, and tells when the server has closed", async () => {
  const { network, start, loop, execute } = lab();
  const { io } = start("pc2", "nc -l 23", "hello\r\n");
  await loop.run((network.now + milliseconds(1)) as Instant);
  const { out, err, status } = await execute("telnet pc2", "one\ntwo\n");
  assert.equal(io.out, "one\r\ntwo\r\n");
  assert.deepEqual(
    [out, err, status],
    ["Trying 10.0.0.2...\nConnected to pc2.\nhello\r\n", "Connection closed by foreign host.\n", 1],
  );
  assert.match((await execute("telnet pc2 9")).err, /^telnet: Unable to connect to remote host: Connection refused\n$/);
  assert.match((await execute("telnet nobody")).err, /^telnet: could not resolve nobody\/23: /);
  assert.equal((await execute("telnet")).err, "usage: telnet host [port]\n");
});
