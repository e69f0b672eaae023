import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cli, temporaryFolder } from "../support/cli.ts";

const NETWORK = `netarium: 1
devices:
  client:
    kind: host
    address: 10.0.0.1/24
    programs: [{ run: web-client, with: { urls: ["https://10.0.0.2/", "https://10.0.0.2/away"] }, at: 1s }]
  proxy:
    kind: host
    address: 10.0.0.2/24
    programs:
      - run: web
        with: { tls: true, names: [10.0.0.2], sites: { main: { proxy: [{ path: /, to: ["https://10.0.0.3/base"] }] } } }
  origin:
    kind: host
    address: 10.0.0.3/24
    programs:
      - run: web
        with:
          tls: true
          names: [NAME]
          sites: { main: { files: { base/index.html: "<title>ciphered</title>" }, redirects: [{ from: /base/away, to: "https://10.0.0.3/base/" }] } }
  switch: { kind: switch, ports: 3 }
cables:
  - { between: [client, switch] }
  - { between: [proxy, switch] }
  - { between: [origin, switch] }
`;

test("a proxy speaks TLS on both sides, and to nobody whose certificate is for another", async (t) => {
  const file = join(temporaryFolder(t), "network.yaml");
  writeFileSync(file, NETWORK.replace("NAME", "10.0.0.3"));
  const good = await cli("run", file, "--for", "10s");
  assert.equal(good.code, 0, good.stderr);
  assert.match(good.stdout, /GET https:\/\/10\.0\.0\.2\/: 200 OK/);
  // The origin's own name in Location becomes a path of the proxy.
  assert.match(good.stdout, /GET led to https:\/\/10\.0\.0\.2\/: 200 OK/);
  assert.equal(good.stdout.match(/the page is called "ciphered"/g)?.length, 2);
  writeFileSync(file, NETWORK.replace("NAME", "other.test"));
  const bad = await cli("run", file, "--for", "10s");
  assert.match(bad.stdout, /GET https:\/\/10\.0\.0\.2\/: 502 Bad Gateway/);
  assert.match(bad.stdout, /10\.0\.0\.3 gave no answer: .*certificate/i);
});
