import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { Authority } from "../../src/platform/node/certificates/authority.ts";
import type { TlsIdentity } from "../../src/socket/tls.ts";
import { forEach } from "../fixtures/scripted-server.ts";
import { requireTool } from "../require.ts";
import { type Line, type Outcome, runLine } from "./curl.ts";

const now = { from: new Date(Date.now() - 86_400_000), to: new Date(Date.now() + 86_400_000) };
const past = { from: new Date("2020-01-01"), to: new Date("2021-01-01") };
const hello = forEach((connection) => connection.answer("200 OK", "hello\n"));

describe("netarium curl over TLS does as curl does", () => {
  let authority: Authority;
  let [good, expired, other, client]: TlsIdentity[] = [];
  let files: Record<string, string> = {};

  before(async () => {
    authority = await Authority.create({ name: "Interop", keys: "ecdsa", validity: now });
    const stranger = await Authority.create({ name: "Stranger", keys: "ecdsa", validity: now });
    const names = ["far.test", "127.0.0.1"];
    [good, expired, other, client] = await Promise.all([
      authority.issue(names, now),
      authority.issue(names, past),
      authority.issue(["other.test"], now),
      authority.issue(["client.test"], now),
    ]);
    files = {
      "ca.pem": authority.identity.certificate,
      "stranger.pem": stranger.identity.certificate,
      "client.pem": client!.certificate,
      "client.key": client!.key,
      "both.pem": client!.certificate + client!.key,
    };
  });

  const cases: readonly [what: string, command: string, exit: number, more?: () => Partial<Line>][] = [
    ["a certificate of a trusted authority", "--cacert ca.pem https://127.0.0.1:PORT/", 0],
    ["a name in the certificate", "--cacert ca.pem --resolve far.test:PORT:127.0.0.1 https://far.test:PORT/", 0],
    ["a certificate of nobody known", "https://127.0.0.1:PORT/", 60],
    ["a certificate of nobody known, taken all the same", "-k https://127.0.0.1:PORT/", 0],
    ["a certificate of another authority", "--cacert stranger.pem https://127.0.0.1:PORT/", 60],
    ["a name that is not in the certificate", "--cacert ca.pem https://localhost:PORT/", 60],
    ["a certificate for another", "--cacert ca.pem https://127.0.0.1:PORT/", 60, () => ({ tls: { identity: other! } })],
    [
      "a certificate that is over",
      "--cacert ca.pem https://127.0.0.1:PORT/",
      60,
      () => ({ tls: { identity: expired! } }),
    ],
    ["a file of authorities that is not there", "--cacert missing https://127.0.0.1:PORT/", 77],
    [
      "a server without TLS",
      "-k https://127.0.0.1:PORT/",
      35,
      () => ({ tls: undefined, script: async (c) => void (await c.socket.recv(1)) }),
    ],
    ["plain HTTP to a server with TLS", "http://127.0.0.1:PORT/", 52],
    [
      "a version that the server does not have",
      "--tlsv1.3 -k https://127.0.0.1:PORT/",
      35,
      () => ({ tls: { identity: good!, maximum: "TLSv1.2" } }),
    ],
    ["TLS 1.2 at most", "--tls-max 1.2 -k https://127.0.0.1:PORT/", 0],
    [
      "a client's certificate",
      "--cacert ca.pem -E client.pem --key client.key https://127.0.0.1:PORT/",
      0,
      () => ({ tls: { identity: good!, clientCertificate: "require", authorities: [authority.identity.certificate] } }),
    ],
    [
      "a client's certificate with its key in one file",
      "--cacert ca.pem --cert both.pem https://127.0.0.1:PORT/",
      0,
      () => ({ tls: { identity: good!, clientCertificate: "require", authorities: [authority.identity.certificate] } }),
    ],
    ["a client's certificate that is not there", "-k -E missing https://127.0.0.1:PORT/", 58],
    ["two requests on one connection", "-k https://127.0.0.1:PORT/a https://127.0.0.1:PORT/b -w %{num_connects}", 0],
  ];

  for (const [what, command, exit, more = () => ({})] of cases) {
    test(`${what} ends with ${exit}`, async (t) => {
      if (!requireTool(t, "curl")) return;
      const argv = ["-sS", ...command.split(" ")];
      const line: Line = { argv, script: hello, files, tls: { identity: good! }, ...more() };
      const [theirs, ours] = await Promise.all([runLine("curl", line), runLine("netarium", line)]);
      const seen = ({ exit: code, stdout, requests }: Outcome): unknown => ({ code, stdout, requests });
      assert.deepEqual(seen(ours), seen(theirs), `${ours.stderr}\nwhere curl says\n${theirs.stderr}`);
      assert.equal(ours.exit, exit, ours.stderr);
      if (exit === 60) assert.match(ours.stderr, /certificate/i);
    });
  }
});
