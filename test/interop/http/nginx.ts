import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findTool } from "../../require.ts";
import { freePort } from "../../support/free-port.ts";

const TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];

/** An nginx of our own that hands all requests on to a port of this machine, over connections that it keeps. */
export async function startNginxBefore(upstream: number): Promise<{ port: number; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "netarium-nginx-"));
  const port = await freePort();
  const config = `
    daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 64; }
    http {
      ${TEMPORARY.map((each) => `${each}_temp_path ${folder}/${each};`).join(" ")}
      access_log off; client_max_body_size 100m;
      upstream ours { server 127.0.0.1:${upstream}; keepalive 8; }
      server {
        listen 127.0.0.1:${port};
        location / { proxy_pass http://ours; proxy_http_version 1.1; proxy_set_header Connection ""; }
      }
    }`;
  const file = join(folder, "nginx.conf");
  writeFileSync(file, config);
  const child = spawn(findTool("nginx") ?? "nginx", ["-p", folder, "-c", file, "-e", join(folder, "error.log")]);
  const ended = once(child, "exit");
  const kill = (): void => void child.kill();
  process.once("exit", kill);
  for (let tries = 0; tries < 50; tries++) {
    const answers = await fetch(`http://127.0.0.1:${port}/`).then(
      (response) => response.arrayBuffer(),
      () => undefined,
    );
    if (answers !== undefined) break;
    await sleep(50);
  }
  return {
    port,
    async stop() {
      child.kill();
      await ended;
      process.removeListener("exit", kill);
      rmSync(folder, { recursive: true });
    },
  };
}
