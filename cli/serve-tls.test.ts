import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import type { TLSSocket } from "node:tls";
import { Authority } from "../src/platform/node/certificates/authority.ts";
import { makeLocalAuthority } from "../src/platform/node/certificates/local-authority.ts";
import { Cli, cli, temporaryFolder } from "../test/support/cli.ts";

const validity = { from: new Date(Date.now() - 86_400_000), to: new Date(Date.now() + 86_400_000) };

/** A folder with a site, and a configuration folder with an authority. */
async function prepare(t: TestContext): Promise<{ folder: string; ca: string }> {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "index.html"), "hello");
  const { authority } = await makeLocalAuthority(join(folder, "netarium", "ca"), [], new Date());
  return { folder, ca: authority.identity.certificate };
}

async function serving(t: TestContext, config: string, ...args: string[]) {
  const before = process.env.XDG_CONFIG_HOME;
  process.env.XDG_CONFIG_HOME = config;
  const served = new Cli("serve", ...args);
  if (before === undefined) delete process.env.XDG_CONFIG_HOME;
  else process.env.XDG_CONFIG_HOME = before;
  t.after(() => served.child.kill("SIGKILL"));
  const [, port = "", plain = ""] = await served.says(
    /^Serving on https:\/\/127\.0\.0\.1:(\d+)\/(?:, and on (http:\S+\/))?/m,
  );
  return { served, port: Number(port), plain };
}

/** Asks for the page of a name. @returns its answer and the names of the certificate */
async function ask(port: number, name: string, ca: string) {
  const asking = get({
    host: "127.0.0.1",
    port,
    servername: name,
    headers: { Host: `${name}:${port}` },
    ca,
    agent: false,
  });
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  const names = (response.socket as TLSSocket).getPeerCertificate().subjectaltname;
  let body = "";
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, body, names, hsts: response.headers["strict-transport-security"] };
}

describe("netarium serve by HTTPS", { timeout: 300_000 }, () => {
  test("serves a folder with --tls, certified by the local authority", async (t) => {
    const { folder, ca } = await prepare(t);
    const { served, port, plain } = await serving(t, folder, folder, "--tls", "--port", "0", "--quiet");
    assert.equal(plain, "");
    const answer = await ask(port, "localhost", ca);
    assert.deepEqual(answer, {
      status: 200,
      body: "hello",
      names: "DNS:localhost, IP Address:127.0.0.1",
      hsts: undefined,
    });
    await assert.rejects(ask(port, "other.test", ca), { code: "ERR_TLS_CERT_ALTNAME_INVALID" });
    assert.equal((await served.interrupt()).code, 0);
  });

  test("serves sites with certificates of their own, leads there from HTTP, and tells browsers to stay", async (t) => {
    const { folder, ca } = await prepare(t);
    const authority = await Authority.create({ name: "Other", keys: "ecdsa", validity });
    const { certificate, key } = await authority.issue(["*.own.test"], validity);
    writeFileSync(join(folder, "own.pem"), certificate);
    writeFileSync(join(folder, "own-key.pem"), key);
    const file = join(folder, "web.yaml");
    writeFileSync(
      file,
      `netarium-web: 1
listen: { port: 0 }
tls: { port: 0, hsts: 1 }
accessLog: false
sites:
  main: { hosts: [main.test], files: { index.html: main } }
  own: { hosts: ["*.own.test"], files: { index.html: own }, certificate: own.pem, key: own-key.pem }
`,
    );
    const { port, plain } = await serving(t, folder, file);
    const main = await ask(port, "main.test", ca);
    assert.deepEqual([main.body, main.hsts], ["main", "max-age=86400"]);
    assert.equal(main.names, "DNS:main.test, DNS:localhost, IP Address:127.0.0.1");
    const own = await ask(port, "a.own.test", authority.identity.certificate);
    assert.deepEqual([own.body, own.names], ["own", "DNS:*.own.test"]);
    const answer = await fetch(`${plain}a?b=c`, { method: "POST", redirect: "manual" });
    assert.deepEqual([answer.status, answer.headers.get("location")], [308, `https://127.0.0.1:${port}/a?b=c`]);
    assert.equal(answer.headers.get("strict-transport-security"), null);
  });

  test("says what to do where there is no authority", async (t) => {
    const folder = temporaryFolder(t);
    const before = process.env.XDG_CONFIG_HOME;
    process.env.XDG_CONFIG_HOME = folder;
    const result = cli("serve", folder, "--tls", "--port", "0");
    if (before === undefined) delete process.env.XDG_CONFIG_HOME;
    else process.env.XDG_CONFIG_HOME = before;
    const { code, stderr } = await result;
    const told = "netarium: HTTPS needs a certificate: name its file, or make an authority with: netarium ca\n";
    assert.deepEqual([code, stderr], [2, told]);
  });

  test("says what is wrong with certificates", async (t) => {
    const folder = temporaryFolder(t);
    const file = join(folder, "web.yaml");
    const run = async (text: string): Promise<string> => {
      writeFileSync(file, `netarium-web: 1\n${text}`);
      const { code, stderr } = await cli("serve", file, "--port", "0");
      assert.equal(code, 2, stderr);
      return stderr.replace(/^netarium: /, "");
    };
    const site = "sites: { main: { files: { index.html: x }, certificate: a.pem, key: b.pem } }\n";
    assert.match(await run(site), /web\.yaml:2:\d+: error: a site's certificate is for HTTPS, which is not served/);
    assert.equal(await run(`tls: { port: 0 }\n${site}`), `${join(folder, "a.pem")}: there is no such file\n`);
    assert.match(await run(`tls: { certificate: a.pem }\n${site}`), /there is no key to this certificate/);
    const authority = await Authority.create({ name: "A", keys: "ecdsa", validity });
    const [a, b] = [await authority.issue(["a.test"], validity), await authority.issue(["b.test"], validity)];
    writeFileSync(join(folder, "a.pem"), a.certificate);
    writeFileSync(join(folder, "b.pem"), b.key);
    assert.equal(await run(`tls: { port: 0 }\n${site}`), "a.pem with b.pem cannot be used: the key is another's\n");
    writeFileSync(join(folder, "a.pem"), "none");
    assert.match(await run(`tls: { port: 0 }\n${site}`), /cannot be used: the first holds no certificate in PEM\n$/);
    writeFileSync(join(folder, "a.pem"), a.certificate);
    writeFileSync(join(folder, "b.pem"), "none");
    assert.match(await run(`tls: { port: 0 }\n${site}`), /cannot be used: the second holds no key in PEM\n$/);
    assert.ok(readFileSync(file, "utf8").length > 0);
  });
});
