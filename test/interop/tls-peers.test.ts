/** TLS with programs that others wrote, on the operating system, both ways. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Response } from "../../src/application/http/response.ts";
import { type HttpServer, serveHttp } from "../../src/application/http/server/server.ts";
import type { ProgramContext } from "../../src/application/program.ts";
import { Authority } from "../../src/platform/node/certificates/authority.ts";
import { osContext } from "../../src/platform/node/os-context.ts";
import { chunks, connections, connectTcp, listenTcp, writeAll } from "../../src/socket/tcp.ts";
import type { Tls, TlsClientOptions, TlsFacts, TlsIdentity, TlsServerOptions } from "../../src/socket/tls.ts";
import { readAll, text } from "../networks/sockets/world.ts";
import { requireTool } from "../require.ts";
import { freePort } from "../support/free-port.ts";

const LOOPBACK = "127.0.0.1";
const validity = { from: new Date(Date.now() - 86_400_000), to: new Date(Date.now() + 86_400_000) };
const expired = { from: new Date("2020-01-01"), to: new Date("2021-01-01") };

const folder = mkdtempSync(join(tmpdir(), "netarium-tls-"));
const stop = new AbortController();
const context: ProgramContext & { readonly tls: Tls } = {
  ...osContext({ signal: stop.signal }),
  tls: osContext({ signal: stop.signal }).tls as Tls,
};
const children = new Set<ChildProcess>();

let authority: Authority;
let identity: TlsIdentity;
let other: TlsIdentity;
let clientIdentity: TlsIdentity;
let ca: string;

/** Where a text can be read by others. */
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const pem = (who: TlsIdentity, name: string): string => file(name, who.certificate + who.key);

before(async () => {
  authority = await Authority.create({ name: "Interop", keys: "ecdsa", validity });
  identity = await authority.issue(["server.test", LOOPBACK], validity);
  other = await authority.issue(["other.test"], validity);
  clientIdentity = await authority.issue(["client.test"], validity);
  ca = file("ca.pem", authority.identity.certificate);
});

after(() => {
  stop.abort();
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Echoes lines until each client ends. @returns its port, and what each handshake settled or why it failed */
async function echoServer(
  options: Partial<TlsServerOptions> = {},
): Promise<{ port: number; seen: (TlsFacts | Error)[]; close: () => Promise<void> }> {
  const listener = await listenTcp(context.sockets, { address: LOOPBACK, port: 0 });
  const seen: (TlsFacts | Error)[] = [];
  void (async () => {
    for await (const inner of connections(listener)) {
      void (async () => {
        const socket = await context.tls.wrap(inner, { role: "server", identity, ...options });
        seen.push(socket.tls);
        for await (const chunk of chunks(socket)) await writeAll(socket, chunk);
        await socket.close();
      })().catch((error: Error) => seen.push(error));
    }
  })();
  return { port: listener.getsockname().port, seen, close: () => listener.close() };
}

/** Runs a program with some input. @returns what it printed and its exit code */
function run(
  command: string,
  args: readonly string[],
  input = "",
  patience = 10_000,
): Promise<{ output: string; code: number | null }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { timeout: patience });
    children.add(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    child.on("close", (code) => {
      children.delete(child);
      resolve({ output, code });
    });
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** `openssl s_client`, which says hello, and ends when that has come back or the server has ended. */
function sClient(port: number, ...args: string[]): Promise<string> {
  const common = ["s_client", "-connect", `${LOOPBACK}:${port}`, "-CAfile", ca, "-verify_return_error"];
  return new Promise((resolve) => {
    const child = spawn("openssl", [...common, ...args], { timeout: 120_000 });
    children.add(child);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        output += data;
        if (output.includes("hello\n")) child.stdin.end(); // perhaps in the middle of what it says of tickets
      });
    }
    child.on("close", () => {
      children.delete(child);
      resolve(output);
    });
    child.stdin.on("error", () => {});
    child.stdin.write("hello\n");
  });
}

describe("openssl s_client against our server", () => {
  for (const [flag, version] of [
    ["-tls1_2", "TLSv1.2"],
    ["-tls1_3", "TLSv1.3"],
  ] as const) {
    test(`${version}: SNI, ALPN, an echo, and a clean end`, async (t) => {
      if (!requireTool(t, "openssl")) return;
      const identityOf = (name: string) => (name === "other.test" ? other : undefined);
      const { port, seen, close } = await echoServer({ alpn: ["http/1.1"], identityOf });
      const output = await sClient(port, flag, "-servername", "other.test", "-alpn", "h2,http/1.1");
      assert.match(output, /depth=0 CN ?= ?other\.test[\s\S]*verify return:1[\s\S]*ALPN protocol: http\/1\.1/);
      assert.match(output, new RegExp(`^Verification: OK[\\s\\S]*^New, ${version}[\\s\\S]*hello\n`, "m"));
      const facts = seen.at(-1) as TlsFacts;
      assert.deepEqual([facts.version, facts.protocol, facts.serverName], [version, "http/1.1", "other.test"]);
      await close();
    });

    test(`${version}: sessions are resumed`, async (t) => {
      if (!requireTool(t, "openssl")) return;
      const { port, seen, close } = await echoServer();
      const session = join(folder, `${version}.session`);
      await sClient(port, flag, "-sess_out", session);
      assert.match(await sClient(port, flag, "-sess_in", session), /^Reused, TLSv1/m);
      assert.deepEqual(
        seen.map((facts) => (facts as TlsFacts).resumed),
        [false, true],
      );
      await close();
    });

    test(`${version}: a client's certificate`, async (t) => {
      if (!requireTool(t, "openssl")) return;
      const authorities = [authority.identity.certificate];
      const { port, seen, close } = await echoServer({ clientCertificate: "require", authorities });
      const shown = ["-cert", pem(clientIdentity, "client.pem")];
      await sClient(port, flag, ...shown);
      assert.deepEqual((seen[0] as TlsFacts).peer?.names, ["DNS:client.test"]);
      const without = await sClient(port, flag);
      assert.match(without, /alert (?:handshake failure|certificate required)/);
      assert.match(String(seen[1]), /it shows no certificate, and we want one/);
      await close();
    });
  }

  test("-reconnect resumes five times over", async (t) => {
    if (!requireTool(t, "openssl")) return;
    const { port, close } = await echoServer();
    const output = await sClient(port, "-tls1_2", "-reconnect");
    assert.equal(output.match(/^Reused, TLSv1\.2/gm)?.length, 5, output);
    await close();
  });

  test("older versions, weak ciphers and renegotiation are refused", async (t) => {
    if (!requireTool(t, "openssl")) return;
    const { port, seen, close } = await echoServer();
    for (const args of [
      ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
      ["-tls1_2", "-cipher", "AES256-SHA:@SECLEVEL=0"],
    ]) {
      assert.match(await sClient(port, ...args), /alert (?:protocol version|handshake failure)/, args.join(" "));
    }
    assert.match(String(seen[0]), /it speaks no version of TLS that we do/);
    assert.match(String(seen[1]), /it has no cipher in common with us/);
    const renegotiating = await run(
      "openssl",
      ["s_client", "-connect", `${LOOPBACK}:${port}`, "-CAfile", ca, "-tls1_2"],
      "R\n",
    );
    assert.match(renegotiating.output, /no renegotiation|unexpected eof|handshake failure/i);
    await close();
  });
});

/** What `openssl req` makes. */
async function selfSigned(): Promise<TlsIdentity> {
  const files = ["-keyout", join(folder, "self-key.pem"), "-out", join(folder, "self.pem")];
  await run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=self.test", ...files]);
  return {
    certificate: readFileSync(join(folder, "self.pem"), "utf8"),
    key: readFileSync(join(folder, "self-key.pem"), "utf8"),
  };
}

/** Starts `openssl s_server` on a free port. */
async function sServer(
  who: TlsIdentity,
  ...args: string[]
): Promise<{ port: number; end: () => void; output: () => string }> {
  const port = await freePort();
  const own = ["-cert", pem(who, `server-${port}.pem`), "-accept", `${LOOPBACK}:${port}`];
  const child = spawn("openssl", ["s_server", ...own, ...args]);
  children.add(child);
  let output = "";
  await new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        output += data;
        if (output.includes("ACCEPT")) resolve();
      });
    }
  });
  return { port, end: () => void child.kill(), output: () => output };
}

async function ask(port: number, options: Partial<TlsClientOptions>, say = "GET / HTTP/1.0\r\n\r\n") {
  const inner = await connectTcp(context.sockets, { address: LOOPBACK, port });
  const authorities = [authority.identity.certificate];
  const socket = await context.tls.wrap(inner, { role: "client", serverName: "server.test", authorities, ...options });
  let session: Uint8Array | undefined;
  socket.onSession = (came) => {
    session = came;
  };
  await socket.send(new TextEncoder().encode(say));
  const answer = text(await readAll(socket));
  await socket.close();
  return { facts: socket.tls, answer, session };
}

describe("our client against openssl s_server", () => {
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    test(`${version}: a session of a server that was not verified serves nobody who wants it verified`, async (t) => {
      if (!requireTool(t, "openssl")) return;
      const server = await sServer(await selfSigned(), "-www");
      const options = { minimum: version, maximum: version, insecure: true };
      const { session } = await ask(server.port, options);
      assert.ok(session);
      assert.equal((await ask(server.port, { ...options, session })).facts.resumed, true);
      await assert.rejects(ask(server.port, { ...options, session, insecure: false }), {
        code: "DEPTH_ZERO_SELF_SIGNED_CERT",
      });
      server.end();
    });
  }

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    test(`${version}: an answer, ALPN, a client's certificate, and the session resumed`, async (t) => {
      if (!requireTool(t, "openssl")) return;
      const server = await sServer(identity, "-www", "-alpn", "http/1.1", "-Verify", "1", "-CAfile", ca);
      const options = { minimum: version, maximum: version, alpn: ["h2", "http/1.1"], identity: clientIdentity };
      const first = await ask(server.port, options);
      assert.match(first.answer, /^HTTP\/1\.0 200 ok[\s\S]*CN ?= ?client\.test/);
      assert.deepEqual([first.facts.version, first.facts.protocol, first.facts.resumed], [version, "http/1.1", false]);
      assert.ok(first.session);
      const again = await ask(server.port, { ...options, session: first.session });
      assert.equal(again.facts.resumed, true);
      assert.match(again.answer, /Reused, TLSv1/);
      server.end();
    });
  }

  test("SNI chooses the certificate, and what is wrong with one is said in a sentence", async (t) => {
    if (!requireTool(t, "openssl")) return;
    const named = ["-servername", "other.test", "-cert2", pem(other, "other.pem")];
    const server = await sServer(identity, "-www", ...named);
    const { facts } = await ask(server.port, { serverName: "other.test" });
    assert.deepEqual(facts.peer?.names, ["DNS:other.test"]);
    await assert.rejects(
      ask(server.port, { serverName: "third.test" }),
      /is for DNS:server\.test, IP Address:127\.0\.0\.1, not for third\.test/,
    );
    await assert.rejects(ask(server.port, { authorities: [] }), {
      code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      message: "the certificate of CN=server.test was issued by CN=Interop, which is unknown or not trusted",
    });
    server.end();
    const old = await sServer(await authority.issue(["server.test"], expired), "-www");
    await assert.rejects(ask(old.port, {}), {
      code: "CERT_HAS_EXPIRED",
      message: /has expired: it was valid to Jan {1,2}1 00:00:00 2021 GMT/,
    });
    assert.match((await ask(old.port, { insecure: true })).facts.unverified ?? "", /has expired/);
    old.end();
    const unfit = await sServer(authority.identity, "-www");
    await assert.rejects(ask(unfit.port, {}), {
      message: "the certificate of CN=Interop was not issued for this purpose",
    });
    unfit.end();
    const self = await sServer(await selfSigned(), "-www");
    const message = "the certificate of CN=self.test is self-signed, and it is not among the trusted ones";
    await assert.rejects(ask(self.port, {}), { code: "DEPTH_ZERO_SELF_SIGNED_CERT", message });
    self.end();
  });

  test("what an authority may not certify is not trusted, though it has signed it", async (t) => {
    if (!requireTool(t, "curl")) return;
    const constraints = { domains: ["test"], networks: ["127.0.0.0/8"] };
    const constrained = await Authority.create({ name: "Constrained", keys: "ecdsa", validity, constraints });
    const thief = await Authority.from(constrained.identity, "ecdsa"); // with the stolen key
    const stolen = await thief.issue(["www.example.com"], validity);
    const trusted = [constrained.identity.certificate];
    const { port, close } = await echoServer({ identity: stolen });
    await assert.rejects(
      ask(port, { serverName: "www.example.com", authorities: trusted }),
      /the certificate of CN=www\.example\.com does not verify: permitted subtree violation/,
    );
    const bundle = file("constrained.pem", constrained.identity.certificate);
    const resolved = ["--resolve", `www.example.com:${port}:${LOOPBACK}`];
    const { output, code } = await run("curl", [
      "-sS",
      "--cacert",
      bundle,
      ...resolved,
      `https://www.example.com:${port}/`,
    ]);
    assert.equal(code, 60, output);
    await close();
  });

  test("a server that cuts the stream off, one that is none, and one that wants another version", async (t) => {
    if (!requireTool(t, "openssl")) return;
    const plain = createTcpServer((socket) => socket.end("220 mail.test ready\r\n")).listen(0, LOOPBACK);
    await once(plain, "listening");
    const { port } = plain.address() as AddressInfo;
    await assert.rejects(ask(port, {}), {
      name: "TlsError",
      message: "TLS with the server failed: what it sends is no TLS",
    });
    plain.close();
    const server = await sServer(identity, "-tls1_2", "-www");
    await assert.rejects(ask(server.port, { minimum: "TLSv1.3" }), /it speaks none of the versions of TLS that we do/);
    const inner = await connectTcp(context.sockets, { address: LOOPBACK, port: server.port });
    const socket = await context.tls.wrap(inner, { role: "client", serverName: "server.test", insecure: true });
    server.end();
    await assert.rejects(socket.recv(10), { code: "ECONNRESET" }, "killed, it says no close_notify");
    await socket.close();
  });
});

describe("HTTPS", () => {
  let server: HttpServer;
  before(async () => {
    const handler = (_request: unknown, info: { tls: TlsFacts | undefined }) =>
      new Response(`${info.tls?.version} ${info.tls?.serverName} ${info.tls?.protocol}\n`);
    server = await serveHttp(context, { address: LOOPBACK, port: 0, handler, tls: { identity } });
  });
  after(() => server.close());

  test("curl is served, and refuses an authority that it does not know", async (t) => {
    if (!requireTool(t, "curl")) return;
    const at = `https://server.test:${server.address.port}/`;
    const common = ["-sS", "--resolve", `server.test:${server.address.port}:${LOOPBACK}`];
    const good = await run("curl", [...common, "--cacert", ca, at, at, "-w", "%{num_connects} "]);
    assert.deepEqual(good, { output: "TLSv1.3 server.test http/1.1\n1 TLSv1.3 server.test http/1.1\n0 ", code: 0 });
    const old = await run("curl", [...common, "--cacert", ca, "--tls-max", "1.2", at]);
    assert.deepEqual(old, { output: "TLSv1.2 server.test http/1.1\n", code: 0 });
    assert.equal((await run("curl", [...common, at])).code, 60);
    assert.equal((await run("curl", ["-sS", "--cacert", ca, `https://localhost:${server.address.port}/`])).code, 60);
  });

  test("node:https talks to our server, and ours to it", async () => {
    const { certificate } = authority.identity;
    const asking = request({ host: LOOPBACK, port: server.address.port, servername: "server.test", ca: certificate });
    asking.end();
    const [response] = await once(asking, "response");
    let body = "";
    for await (const chunk of response) body += chunk;
    assert.equal(body, "TLSv1.3 server.test undefined\n", "it asks for no protocol");
    const theirs = createServer({ cert: identity.certificate, key: identity.key }, (_request, answer) =>
      answer.end("x".repeat(1e6)),
    );
    theirs.listen(0, LOOPBACK);
    await once(theirs, "listening");
    const { answer } = await ask(
      (theirs.address() as AddressInfo).port,
      {},
      "GET / HTTP/1.1\r\nHost: server.test\r\nConnection: close\r\n\r\n",
    );
    assert.ok(answer.length > 1e6, `${answer.length}`);
    theirs.close();
    theirs.closeAllConnections();
  });

  test("gnutls-cli is served", async (t) => {
    if (!requireTool(t, "gnutls-cli")) return;
    const args = ["--x509cafile", ca, "--sni-hostname", "server.test", "--verify-hostname", "server.test", "--port"];
    const { output, code } = await run(
      "gnutls-cli",
      [...args, `${server.address.port}`, LOOPBACK],
      "GET / HTTP/1.1\r\nHost: server.test\r\nConnection: close\r\n\r\n",
    );
    assert.match(output, /certificate is trusted[\s\S]*TLSv1\.3 server\.test/);
    assert.equal(code, 0, output);
  });
});
