import assert from "node:assert/strict";
import { test } from "node:test";
import { forEach } from "../../../../test/fixtures/scripted-server.ts";
import { runOn } from "../../../../test/fixtures/virtual-curl.ts";

const hello = forEach((connection, { target }) =>
  target === "/to"
    ? connection.answer("302 Found", "", "Location: /", "Set-Cookie: a=b")
    : connection.answer("200 OK", "hello\n"),
);

test("a virtual host's curl writes to its own files, in virtual time", async () => {
  const { exit, stdout, files } = await runOn(
    hello,
    "-sL -c jar -o a/b --create-dirs -w %{http_code} http://10.0.0.2/to",
  );
  assert.deepEqual([exit, stdout], [0, "200"]);
  assert.equal(files.get("a/b"), "hello\n");
  assert.match(files.get("jar") ?? "", /^10\.0\.0\.2\tFALSE\t\/\tFALSE\t0\ta\tb$/m);
});

test("it tries again as long as it is told, by the clock of the network", async () => {
  let left = 3;
  const script = forEach((connection) => connection.answer(--left > 0 ? "503 Busy" : "200 OK", `${left}`));
  const { exit, stdout, elapsed } = await runOn(script, "-s --retry 5 http://10.0.0.2/");
  assert.deepEqual([exit, stdout], [0, "210"]);
  assert.ok(elapsed > 3 && elapsed < 3.5, `1 s, then 2 s: ${elapsed}`);
});

test("it gives up at its deadlines, by the clock of the network", async () => {
  const silent = forEach(async (connection) => void (await connection.socket.recv(1)));
  const late = await runOn(silent, "-sS -m 90 http://10.0.0.2/");
  assert.deepEqual([late.exit, Math.round(late.elapsed)], [28, 90]);
  assert.match(late.stderr, /^curl: \(28\) Operation timed out after 90000 milliseconds with 0 bytes received\n$/);
  const nobody = await runOn(silent, "-sS --connect-timeout 2 http://10.0.0.77/");
  assert.deepEqual([nobody.exit, Math.round(nobody.elapsed)], [28, 2]);
});

const named = forEach((connection, { target }) => {
  const file = target.startsWith("/over") ? "f" : "g";
  return connection.answer("200 OK", target, `Content-Disposition: attachment; filename=${file}`);
});

test("a name that the server gives never stands for a file that is there, unless told", async () => {
  const url = (path: string): string => `http://10.0.0.2/${path}`;
  const refused = await runOn(named, `-sSOJ ${url("over-1")} -O ${url("over-2")}`);
  assert.equal(refused.exit, 23);
  assert.deepEqual([...refused.files], [["f", "/over-1"]]);
  const told = await runOn(named, `-sSOJ --clobber ${url("over-1")} -O ${url("over-2")}`);
  assert.deepEqual([told.exit, ...told.files], [0, ["f", "/over-2"]]);
  const numbered = await runOn(named, `-sSOJ --no-clobber ${url("over-1")} -O ${url("over-2")}`);
  assert.deepEqual([...numbered.files.keys()], ["f", "f.1"]);
  const own = await runOn(named, `-sS -o f ${url("over-1")} -o f ${url("over-2")}`);
  assert.deepEqual([own.exit, ...own.files], [0, ["f", "/over-2"]]);
});

test("a cookie with a tab is not written to the file, where it would be another", async () => {
  const fields = ["a=b; path=/x\tTRUE\t0\t__Host-n\tv", "c=d\te", "f\tg=h", "i=j"].map((each) => `Set-Cookie: ${each}`);
  const script = forEach((connection) => connection.answer("200 OK", "", ...fields));
  const { files } = await runOn(script, "-s -c jar http://10.0.0.2/x");
  const lines = (files.get("jar") ?? "").split("\n").filter((line) => line.includes("\t"));
  assert.deepEqual(lines, ["10.0.0.2\tFALSE\t/\tFALSE\t0\ti\tj"]);
});
