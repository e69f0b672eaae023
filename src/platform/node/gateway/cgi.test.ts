import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { requestInfo } from "../../../../test/fixtures/request-info.ts";
import type { Handler } from "../../../application/http/handler.ts";
import { Request } from "../../../application/http/request.ts";
import type { Response } from "../../../application/http/response.ts";
import type { LogParameters } from "../../../application/program.ts";
import { osContext } from "../os-context.ts";
import { type CgiOptions, cgi } from "./cgi.ts";

const SCRIPTS: Readonly<Record<string, string>> = {
  "env.cgi": 'printf "Content-Type: text/plain\\n\\n"; pwd; env | sort',
  "echo.cgi": 'printf "Content-Type: text/plain\\nSet-Cookie: a=1\\nSet-Cookie: b=2\\n\\n"; cat',
  "says.cgi": 'echo "one thing" >&2; printf "Status: 204 Nothing\\n\\n"',
  "local.cgi": 'printf "Location: /cgi-bin/echo.cgi\\n\\n"',
  "away.cgi": 'printf "Location: http://elsewhere.test/\\n\\n"',
  "silent.cgi": "exec sleep 1000",
  "dies.cgi": 'printf "Status: 200\\n\\nhalf"; kill -9 $$',
  "nonsense.cgi": "echo Traceback; echo",
  "endless.cgi": 'printf "Status: 200\\n\\n"; echo $$; sleep 1000 & while :; do echo more || exit; done',
  "deaf.cgi": 'printf "Status: 200\\n\\n"; echo deaf',
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("CGI", { timeout: 300_000 }, () => {
  let root = "";
  let log: [string, LogParameters][] = [];
  let waiting: (() => void)[] = [];
  const stop = new AbortController();

  before(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "netarium-cgi-")));
    for (const [name, text] of Object.entries(SCRIPTS)) {
      writeFileSync(join(root, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    writeFileSync(join(root, "broken.cgi"), "#!/no/such/shell\n", { mode: 0o755 });
  });
  after(() => {
    stop.abort();
    rmSync(root, { recursive: true });
  });
  beforeEach(() => {
    log = [];
    waiting = [];
  });

  const make = (given: Partial<CgiOptions> = {}): Handler => {
    const write = (code: string, parameters: LogParameters = {}): void => {
      log.push([code, parameters]);
      for (const resolve of waiting.splice(0)) resolve();
    };
    return cgi(osContext({ signal: stop.signal, log: write }), { root, mount: "/cgi-bin/", ...given });
  };
  const ask = async (path: string, init: ConstructorParameters<typeof Request>[1] = {}, handler = make()) =>
    (await handler(new Request(`http://site.test/cgi-bin/${path}`, init), requestInfo())) as Response;

  test("a script has the RFC's variables, PATH, and nothing of our own environment", async () => {
    process.env.NETARIUM_SECRET = "x";
    const headers = { Host: "site.test", Proxy: "evil", X_Y: "evil", Authorization: "Basic x", "X-A": "ü" };
    const [folder, ...lines] = (await (await ask("env.cgi/in%20fo?a=b", { headers })).text()).trim().split("\n");
    assert.equal(folder, root);
    const names = lines
      .map((line) => line.split("=")[0])
      .filter((name) => name !== "PWD" && name !== "_" && name !== "SHLVL" && name !== "OLDPWD");
    assert.deepEqual(names, [
      ...["GATEWAY_INTERFACE", "HTTP_HOST", "PATH", "PATH_INFO", "PATH_TRANSLATED", "QUERY_STRING", "REMOTE_ADDR"],
      ...["REQUEST_METHOD", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SERVER_SOFTWARE"],
    ]);
    assert.ok(lines.includes("PATH_INFO=/in fo"));
    assert.ok(lines.includes(`PATH_TRANSLATED=${root}/in fo`));
    assert.ok(lines.includes("SCRIPT_NAME=/cgi-bin/env.cgi"));
  });

  test("what is sent comes back, each Set-Cookie apart, also when its length was not told", async () => {
    const big = "x".repeat(300_000);
    const told = await ask("echo.cgi", { method: "POST", body: big, headers: { "Content-Length": "300000" } });
    assert.deepEqual([told.headers.getSetCookie(), await told.text()], [["a=1", "b=2"], big]);
    const untold = await ask("echo.cgi", { method: "POST", body: big });
    assert.equal(await untold.text(), big);
    const long = await ask("echo.cgi", { method: "POST", body: "x".repeat(2 ** 20 + 1) });
    assert.equal(long.status, 411);
  });

  test("a script that does not read its input is answered all the same", async () => {
    const body = "x".repeat(1_000_000);
    const answer = await ask("deaf.cgi", { method: "POST", body, headers: { "Content-Length": "1000000" } });
    assert.equal(await answer.text(), "deaf\n");
  });

  test("its error stream is logged", async () => {
    const answer = await ask("says.cgi");
    assert.deepEqual([answer.status, answer.statusText], [204, "Nothing"]);
    while (log.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    assert.deepEqual(log, [["script-said", { gateway: "/says.cgi", line: "one thing" }]]);
  });

  test("it redirects within the site and the client", async () => {
    assert.deepEqual((await ask("local.cgi")).headers.getSetCookie(), ["a=1", "b=2"]);
    const away = await ask("away.cgi");
    assert.deepEqual([away.status, away.headers.get("location")], [302, "http://elsewhere.test/"]);
  });

  test("no answer is 502 or 504, and the log says why", async () => {
    assert.equal((await ask("nonsense.cgi")).status, 502);
    assert.equal((await ask("broken.cgi")).status, 502);
    assert.equal((await ask("silent.cgi", {}, make({ idle: 0.1 }))).status, 504);
    assert.deepEqual(
      log.map(([code, { why }]) => [code, String(why).slice(0, 20)]),
      [
        ["script-failed", "a line that is no fi"],
        ["script-failed", "it cannot be started"],
        ["script-failed", "it did nothing for t"],
      ],
    );
  });

  test("a script that is killed in the middle leaves no whole answer", async () => {
    const answer = await ask("dies.cgi");
    await assert.rejects(answer.text(), /SIGKILL/);
  });

  test("a script ends when its answer is given up, with all that it has started", async () => {
    const answer = await ask("endless.cgi");
    const pieces = answer.pieces()[Symbol.asyncIterator]();
    const first = await pieces.next();
    const pid = Number.parseInt(Buffer.from(first.value as Uint8Array).toString(), 10);
    assert.ok(isAlive(pid));
    await pieces.return?.();
    while (isAlive(pid) || isAlive(-pid)) await new Promise((resolve) => setImmediate(resolve));
  });

  test("a script ends when its client goes before the answer", async () => {
    const gone = new AbortController();
    const request = new Request("http://site.test/cgi-bin/silent.cgi");
    const answer = make({ processes: 1 })(request, requestInfo({ signal: gone.signal }));
    setImmediate(() => gone.abort());
    await answer;
  });

  test("no more scripts run at once than may", async () => {
    const handler = make({ processes: 1 });
    const answers = await Promise.all([1, 2, 3].map(() => ask("deaf.cgi", {}, handler).then((each) => each.text())));
    assert.deepEqual(answers, ["deaf\n", "deaf\n", "deaf\n"]);
  });

  test("what is no script is 404", async () => {
    for (const path of ["none.cgi", "", "../env.cgi", "%2e%2e/x", ".hidden", "env.cgi%2Fx"]) {
      assert.equal((await ask(path)).status, 404, path);
    }
  });
});
