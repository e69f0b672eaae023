import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Cli } from "../test/support/cli.ts";

/** Runs it with this on standard input. */
function exec(input: string, ...args: string[]) {
  const cli = new Cli("exec", ...args);
  cli.child.stdin.end(input);
  return cli.result;
}

describe("netarium exec", { concurrency: 2 }, () => {
  test("a command's output and exit code are its own, and the same in every run", async () => {
    const line = ["examples/names.yaml", "client", "nc", "-v", "clock", "3434"];
    const [one, two] = await Promise.all([exec("", ...line), exec("", ...line)]);
    assert.equal(one.code, 0, one.stderr);
    assert.match(one.stderr, /^Connection to clock \(10\.0\.0\.13\) 3434 port \[tcp\/\*\] succeeded!\n$/);
    assert.match(one.stdout, /\d/);
    assert.deepEqual(one, two);
  });

  test("a status that is not 0 is handed on", async () => {
    assert.deepEqual(await exec("", "examples/names.yaml", "client", "nc", "clock", "1"), {
      code: 1,
      stdout: "",
      stderr: "",
    });
  });

  test("a command that would wait for ever is ended by --for", async () => {
    const { code } = await exec("", "--for", "2s", "examples/names.yaml", "client", "nc", "-l", "9000");
    assert.equal(code, 130);
  });

  test("what is not there is told with what is", async () => {
    const host = await exec("", "examples/names.yaml", "switch", "help");
    assert.equal(host.code, 2);
    assert.match(host.stderr, /has no host switch; it has client, ns1, ns2, clock/);
    const command = await exec("", "examples/names.yaml", "client", "vi");
    assert.equal(command.code, 127);
    assert.match(command.stderr, /there is no command vi; client has .*curl/);
  });

  test("Ctrl-C interrupts the command", async () => {
    const cli = new Cli("exec", "examples/names.yaml", "client", "nc", "-v", "clock", "7");
    cli.child.stdin.end();
    const refused = await cli.result;
    assert.equal(refused.code, 1);
    const waiting = new Cli("exec", "examples/names.yaml", "client", "nc", "-lv", "9000");
    await waiting.says(/Listening on/);
    assert.equal((await waiting.interrupt()).code, 130);
  });
});
