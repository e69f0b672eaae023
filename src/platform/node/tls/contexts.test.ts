import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { size } from "../../../../test/size.ts";
import type { TlsClientOptions, TlsServerOptions, TlsVersion } from "../../../socket/tls.ts";
import { VirtualAuthority } from "../certificates/virtual-authority.ts";
import { Contexts } from "./contexts.ts";
import { TlsEngine } from "./engine.ts";
import { clientSocket, serverSocket } from "./wire-sockets.ts";

const folder = mkdtempSync(join(tmpdir(), "netarium-contexts-"));
after(() => rmSync(folder, { recursive: true }));

/** The lengths of what each end sends in turn, until neither has more to say. */
async function lengths(contexts: Contexts, client: TlsClientOptions, server: TlsServerOptions): Promise<string> {
  const ends = [
    new TlsEngine((wire) => clientSocket(wire, client, contexts.of(client)), "secureConnect"),
    new TlsEngine((wire) => serverSocket(wire, server, contexts.of(server), contexts), "secure"),
  ];
  const sent: number[] = [];
  let cipher: Uint8Array | undefined;
  for (let turn = 0, silent = 0; silent < 2; turn++) {
    const output = await (ends[turn % 2] as TlsEngine).exchange({ cipher });
    assert.equal(output.error, undefined);
    cipher = output.cipher;
    sent.push(cipher.length);
    silent = cipher.length === 0 ? silent + 1 : 0;
  }
  for (const end of ends) end.destroy();
  return sent.join(" ");
}

describe("contexts of virtual hosts", () => {
  for (const version of ["TLSv1.2", "TLSv1.3"] as TlsVersion[]) {
    test(`${version}: the lengths of a handshake and its tickets do not depend on chance, whatever ALPN chooses`, async () => {
      const authority = await VirtualAuthority.open(folder);
      const identity = await authority.certify(["server.test"]);
      const contexts = new Contexts([authority.certificate], true);
      const common = { minimum: version, maximum: version };
      for (let length = 0; length <= 17; length++) {
        const protocols = ["http/1.1", "p".repeat(length)].filter((protocol) => protocol !== "");
        const server: TlsServerOptions = { ...common, role: "server", identity, alpn: protocols };
        const alpn = protocols.slice(-1);
        const client: TlsClientOptions = { ...common, role: "client", serverName: "server.test", alpn };
        const seen = new Set<string>();
        for (let round = 0; round < size(8, 200); round++) seen.add(await lengths(contexts, client, server));
        assert.equal(seen.size, 1, `a protocol of ${length} octets: ${[...seen].join(" or ")}`);
      }
    });
  }

  test("where clients show certificates there are no tickets with them", async () => {
    const authority = await VirtualAuthority.open(folder);
    const contexts = new Contexts([authority.certificate], true);
    const identity = await authority.certify(["server.test"]);
    const server: TlsServerOptions = { role: "server", identity, clientCertificate: "ask" };
    const seen = new Map<number, string>();
    for (let length = 1; length <= 16; length++) {
      const shown = await authority.certify([`${"c".repeat(length)}.test`]);
      const client: TlsClientOptions = { role: "client", serverName: "server.test", identity: shown };
      for (let round = 0; round < 3; round++) {
        const sent = await lengths(contexts, client, server);
        assert.equal(seen.get(length) ?? sent, sent, `a client's name of ${length} octets`);
        seen.set(length, sent);
      }
    }
  });
});
