import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { Response } from "../../src/application/http/index.ts";
import { cgi } from "../../src/platform/node/gateway/cgi.ts";
import { fastCgiGateway } from "../../src/platform/node/gateway/fastcgi-gateway.ts";
import { wsgi } from "../../src/platform/node/gateway/wsgi.ts";
import { refuse, requireTool } from "../require.ts";
import { Cli, temporaryFolder } from "../support/cli.ts";
import { freePort } from "../support/free-port.ts";
import { listening, ran, Serving } from "./serving.ts";

const APPS = join(import.meta.dirname, "apps");
/** Debian's, which has Debian's Flask and Django. */
const PYTHON = "/usr/bin/python3";

async function pythonSite(t: TestContext, app: string, mount = ""): Promise<Serving> {
  return Serving.start(t, async (context) => {
    const gateway = await wsgi(context, { app, folder: APPS, python: PYTHON, workers: 1, mount });
    t.after(() => gateway.close());
    return gateway.handler;
  });
}

async function hasModule(t: TestContext, module: string): Promise<boolean> {
  if (!requireTool(t, "python3", "curl")) return false;
  if ((await ran(PYTHON, ["-c", `import ${module}`])).code === 0) return true;
  return refuse(t, `needs Python's ${module}: apt-get install python3-${module}`);
}

const text = async (url: string, init?: RequestInit): Promise<string> => (await fetch(url, init)).text();

/** Forms, sessions, uploads, streams, failures: the same for both. */
async function behavesAsASite(site: Serving): Promise<void> {
  const { url, port } = site;
  assert.equal(await text(url), `hello stranger from 127.0.0.1:${port}`);
  const signed = await fetch(`${url}/sign`, {
    method: "POST",
    body: new URLSearchParams({ name: "ada" }),
    redirect: "manual",
  });
  assert.ok(signed.status === 303 || signed.status === 302);
  assert.match(signed.headers.get("location") ?? "", /\/$/);
  const [cookie = ""] = signed.headers.getSetCookie().map((each) => each.split(";")[0]);
  assert.equal(await text(url, { headers: { Cookie: cookie } }), `hello ada from 127.0.0.1:${port}`);
  const data = Buffer.alloc(500_000, "0123456789");
  const form = new FormData();
  form.append("note", "grüße");
  form.append("file", new Blob([data]), "data.bin");
  const sum = data.reduce((total, byte) => total + byte, 0) % 65_536;
  const uploaded = await fetch(`${url}/upload`, { method: "POST", body: form });
  assert.deepEqual(await uploaded.json(), { name: "data.bin", length: 500_000, sum, note: "grüße" });
  const lines = (await text(`${url}/stream`)).trimEnd().split("\n");
  assert.deepEqual([lines.length, lines.at(-1)], [1000, "line 999"]);
  assert.deepEqual([(await fetch(`${url}/none`)).status, (await fetch(`${url}/raises`)).status], [404, 500]);
  assert.ok(site.log.some(([, { line }]) => String(line).includes("by design")));
  const head = await ran("curl", ["-sI", url]);
  assert.match(head.stdout.toString(), /^HTTP\/1\.1 200 OK\r\n/);
}

describe("gateways to programs of others", { timeout: 300_000 }, () => {
  test("Flask behind WSGI: forms, sessions, uploads, streams, failures", async (t) => {
    if (!(await hasModule(t, "flask"))) return;
    const site = await pythonSite(t, "flask_site:app");
    await behavesAsASite(site);
    const { url } = site;
    assert.deepEqual((await fetch(`${url}/cookies`)).headers.getSetCookie(), ["a=1; Path=/", "b=2; Path=/"]);
    const where = await text(`${url}/where/a%20b/%C3%A9?x=%20`);
    assert.equal(where, "|/where/a b/é|a b/é|127.0.0.1|http|x=%20");
    const cut = await ran("curl", ["-s", `${url}/dies`]);
    assert.deepEqual([cut.code === 0, cut.stdout.toString()], [false, "half"]);
  });

  test("Flask below a path of the site knows where it is", async (t) => {
    if (!(await hasModule(t, "flask"))) return;
    const { url } = await pythonSite(t, "flask_site:app", "/app");
    assert.equal(await text(`${url}/app/where/x`), "/app|/where/x|x|127.0.0.1|http|");
    const signed = await fetch(`${url}/app/sign`, {
      method: "POST",
      body: new URLSearchParams({ name: "a" }),
      redirect: "manual",
    });
    assert.equal(signed.headers.get("location"), "/app/");
    assert.equal((await fetch(`${url}/elsewhere`)).status, 404);
  });

  test("100 MiB go up and down through Flask as they come", async (t) => {
    if (!(await hasModule(t, "flask"))) return;
    const { url } = await pythonSite(t, "flask_site:app");
    const file = join(temporaryFolder(t), "large");
    writeFileSync(file, Buffer.alloc(100 * 1024 * 1024, "netarium"));
    const { code, stdout } = await ran("sh", ["-c", `curl -sS -T ${file} ${url}/echo | cmp - ${file} && echo same`]);
    assert.deepEqual([code, stdout.toString()], [0, "same\n"]);
    // Of a stream nobody knows the length; Flask reads to its end.
    const untold = await ran("sh", [
      "-c",
      `head -c 5000000 ${file} > ${file}2; cat ${file}2 | curl -sS -T - ${url}/echo | cmp - ${file}2 && echo same`,
    ]);
    assert.equal(untold.stdout.toString(), "same\n", untold.stderr);
  });

  test("Django behind WSGI: forms, sessions, uploads, streams, failures", async (t) => {
    if (!(await hasModule(t, "django"))) return;
    await behavesAsASite(await pythonSite(t, "django_site:application"));
  });

  test("netarium serve --wsgi serves an application, and ends its workers with Ctrl-C", async (t) => {
    if (!(await hasModule(t, "flask"))) return;
    const cli = new Cli("serve", APPS, "--wsgi", "flask_site:app", "--python", PYTHON, "--port", "0", "--workers", "2");
    t.after(() => cli.child.kill("SIGKILL"));
    const [, url = ""] = await cli.says(/^Serving on (http:\S+)\//m);
    assert.match(await text(url), /^hello stranger/);
    const { code, stderr } = await cli.interrupt();
    assert.equal(code, 0);
    for (const [, pid] of stderr.matchAll(/worker (\d+) is ready/g)) {
      assert.throws(() => process.kill(Number(pid), 0), /ESRCH/);
    }
  });

  const PHP = {
    "index.php": "<?php echo 'index of ', $_SERVER['SCRIPT_NAME'];",
    "env.php":
      "<?php header('X-A: b'); foreach (['SCRIPT_NAME','PATH_INFO','QUERY_STRING','HTTP_X_B','REMOTE_ADDR'] as $n) echo $n, '=', $_SERVER[$n] ?? '', \"\\n\"; echo isset($_SERVER['HTTP_PROXY']) ? 'proxied' : 'fine';",
    "form.php":
      "<?php setcookie('name', $_POST['name']); setcookie('two', '2'); header('Location: /index.php', true, 303);",
    "upload.php":
      "<?php $f = $_FILES['file']; echo $f['name'], ' ', filesize($f['tmp_name']), ' ', md5_file($f['tmp_name']);",
    "fails.php": "<?php error_log('to the log'); http_response_code(418); echo 'teapot';",
    "echo.php": "<?php $in = fopen('php://input', 'rb'); while (!feof($in)) echo fread($in, 65536);",
    "secret.txt": "a file",
  };

  async function php(t: TestContext, keep: boolean, unix: boolean): Promise<Serving> {
    const folder = temporaryFolder(t);
    for (const [name, code] of Object.entries(PHP)) writeFileSync(join(folder, name), code);
    const port = await freePort();
    const path = join(folder, "php.sock");
    const child = unix ? await startAtPath(t, path) : await listening(t, port, "php-cgi", "-b", `127.0.0.1:${port}`);
    assert.equal(child.exitCode, null);
    const to = unix ? path : { address: "127.0.0.1", port };
    return Serving.start(t, (context) => fastCgiGateway(context, { to, root: folder, connections: 1, keep }));
  }

  async function startAtPath(t: TestContext, path: string) {
    // php-cgi makes the socket before it serves; until then connecting is refused.
    const { spawn } = await import("node:child_process");
    const { existsSync } = await import("node:fs");
    const child = spawn("php-cgi", ["-b", path], { stdio: "ignore" });
    t.after(async () => {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    });
    while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 20));
    return child;
  }

  for (const [keep, unix] of [
    [false, false],
    [true, true],
  ] as const) {
    test(`php-cgi by FastCGI over ${unix ? "a UNIX socket, connections kept" : "TCP"}`, async (t) => {
      if (!requireTool(t, "php-cgi", "curl")) return;
      const { url, log } = await php(t, keep, unix);
      assert.equal(await text(`${url}/`), "index of /index.php");
      const answer = await fetch(`${url}/env.php/some/path?x=1`, { headers: { "X-B": "c", Proxy: "http://evil" } });
      assert.equal(answer.headers.get("x-a"), "b");
      const told =
        "SCRIPT_NAME=/env.php\nPATH_INFO=/some/path\nQUERY_STRING=x=1\nHTTP_X_B=c\nREMOTE_ADDR=127.0.0.1\nfine";
      assert.equal(await answer.text(), told);
      const form = await fetch(`${url}/form.php`, {
        method: "POST",
        body: new URLSearchParams({ name: "ada" }),
        redirect: "manual",
      });
      assert.deepEqual([form.status, form.headers.get("location")], [303, "/index.php"]);
      assert.deepEqual(form.headers.getSetCookie(), ["name=ada", "two=2"]);
      const data = new FormData();
      data.append("file", new Blob([Buffer.alloc(300_000, "x")]), "x.bin");
      assert.match(await text(`${url}/upload.php`, { method: "POST", body: data }), /^x\.bin 300000 [0-9a-f]{32}$/);
      const body = Buffer.alloc(3_000_000, "netarium");
      const echoed = await fetch(`${url}/echo.php`, { method: "POST", body });
      assert.ok(Buffer.from(await echoed.arrayBuffer()).equals(body));
      const fails = await fetch(`${url}/fails.php`);
      assert.deepEqual([fails.status, await fails.text()], [418, "teapot"]);
      assert.ok(
        log.some(([code, { line }]) => code === "script-said" && /to the log/.test(String(line))),
        "stderr",
      );
      for (const path of ["/none.php", "/secret.txt", "/index.php%00", "/../index.php"]) {
        const { stdout } = await ran("curl", ["-s", "-o", "-", "-w", "%{http_code}", "--path-as-is", `${url}${path}`]);
        assert.match(stdout.toString(), /404$/, path);
      }
      assert.equal((await fetch(`${url}/env.php`, { method: "HEAD" })).status, 200);
    });
  }

  test("a file for netarium serve lets files, PHP, CGI, a Python application and another server make one site", async (t) => {
    if (!requireTool(t, "php-cgi", "curl") || !(await hasModule(t, "flask"))) return;
    const folder = temporaryFolder(t);
    const port = await freePort();
    await listening(t, port, "php-cgi", "-b", `127.0.0.1:${port}`);
    const other = await Serving.start(t, () => (request) => new Response(`other ${request.target}`));
    mkdirSync(join(folder, "public"));
    mkdirSync(join(folder, "scripts"));
    writeFileSync(join(folder, "public", "a.txt"), "a file");
    writeFileSync(join(folder, "public", "b.php"), "<?php echo 'php ', $_SERVER['PATH_INFO'];");
    writeFileSync(join(folder, "scripts", "go"), "#!/bin/sh\nprintf 'Location: /php/b.php/from-cgi\\n\\n'\n", {
      mode: 0o755,
    });
    const site = `netarium-web: 1
listen: { port: 0 }
accessLog: false
sites:
  main:
    folder: public
    auth: { realm: x, users: { ada: secret }, paths: [/api/private] }
    proxy: [{ path: /api, to: ["${other.url}"], strip: true }]
    gateways:
      - { path: /cgi-bin, cgi: scripts }
      - { path: /php, fastcgi: "127.0.0.1:${port}", folder: public }
      - { path: /flask, wsgi: "flask_site:app", folder: ${APPS}, python: ${PYTHON}, workers: 1 }
`;
    writeFileSync(join(folder, "site.yaml"), site);
    const cli = new Cli("serve", join(folder, "site.yaml"));
    t.after(() => cli.child.kill("SIGKILL"));
    const [, url = ""] = await cli.says(/^Serving on (http:\S+)\//m);
    const answers = ["/a.txt", "/php/b.php/x", "/php/a.txt", "/cgi-bin/go", "/flask/where/y", "/api/z?q"].map((path) =>
      text(url + path),
    );
    assert.deepEqual(await Promise.all(answers), [
      "a file",
      "php /x",
      "There is no such page.\n",
      "php /from-cgi",
      "/flask|/where/y|y|127.0.0.1|http|",
      "other /z?q",
    ]);
    // One path in any spelling is guarded as it is passed on.
    for (const path of ["/api/private", "/api//private/x", "/x/../api/%70rivate/", "/api/private%2f"]) {
      const { stdout } = await ran("curl", ["-s", "-o", "-", "-w", "%{http_code}", "--path-as-is", url + path]);
      assert.match(stdout.toString(), /401$/, path);
    }
    assert.equal((await cli.interrupt()).code, 0);
    writeFileSync(join(folder, "site.yaml"), site.replace("flask_site:app", "flask_site:none"));
    const wrong = new Cli("serve", join(folder, "site.yaml"));
    const { code, stderr } = await wrong.result;
    assert.equal(code, 2);
    assert.match(stderr, /netarium: flask_site:none: the application cannot be loaded\n$/);
  });

  test("netarium serve that is ended at once takes its CGI programs with it", async (t) => {
    const folder = temporaryFolder(t);
    mkdirSync(join(folder, "scripts"));
    const program = "#!/bin/sh\nprintf 'Status: 200\\n\\n'; echo $$; exec sleep 1000\n";
    writeFileSync(join(folder, "scripts", "sleeps"), program, { mode: 0o755 });
    const site = "netarium-web: 1\nsites: { main: { gateways: [{ path: /, cgi: scripts }] } }\n";
    writeFileSync(join(folder, "site.yaml"), site);
    const cli = new Cli("serve", join(folder, "site.yaml"), "--port", "0");
    t.after(() => cli.child.kill("SIGKILL"));
    const [, url = ""] = await cli.says(/^Serving on (http:\S+)\//m);
    const { body } = await fetch(`${url}/sleeps`);
    const { value } = (await body?.getReader().read()) ?? {};
    const pid = Number.parseInt(Buffer.from(value ?? []).toString(), 10);
    assert.ok(process.kill(pid, 0));
    cli.child.kill("SIGINT");
    while (
      await fetch(url).then(
        () => true,
        () => false,
      )
    );
    assert.equal((await cli.interrupt()).code, 130);
    const isAlive = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    while (isAlive()) await new Promise((resolve) => setImmediate(resolve));
  });

  test("a CGI program in Python streams both ways, and curl's upload is whole", async (t) => {
    if (!requireTool(t, "python3", "curl")) return;
    const folder = temporaryFolder(t);
    const program = [
      `#!${PYTHON}`,
      "import sys, os, shutil",
      "sys.stdout.write('Status: 200 Fine\\r\\nContent-Type: text/plain\\r\\n\\r\\n')",
      "sys.stdout.flush()",
      "shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)",
    ];
    writeFileSync(join(folder, "echo.py"), `${program.join("\n")}\n`, { mode: 0o755 });
    const { url } = await Serving.start(t, (context) => cgi(context, { root: folder, mount: "/cgi-bin" }));
    const file = join(folder, "large");
    writeFileSync(file, Buffer.alloc(20 * 1024 * 1024, "netarium"));
    const { stdout } = await ran("sh", [
      "-c",
      `curl -sS -T ${file} ${url}/cgi-bin/echo.py | cmp - ${file} && echo same`,
    ]);
    assert.equal(stdout.toString(), "same\n");
  });
});
