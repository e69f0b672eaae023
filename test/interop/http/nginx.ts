import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../support/cli.ts";
import { freePort } from "../../support/free-port.ts";
import { type Ending, listening } from "../serving.ts";

export interface Nginx {
  readonly port: number;
  /** Its own: `html` is in it, and its `access.log`. */
  readonly folder: string;
}

/** Directives of a configuration. */
export interface NginxConfiguration {
  /** Of its one server, on its port. */
  readonly server: string;
  /** Beside the server. */
  readonly http?: string;
}

/** An nginx in a folder of its own, with one process, until the test has ended. */
export async function startNginx(t: Ending, configure: (folder: string) => NginxConfiguration): Promise<Nginx> {
  const folder = temporaryFolder(t);
  const port = await freePort();
  for (const name of ["html", "tmp"]) mkdirSync(join(folder, name));
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/tmp/${name};`)
    .join(" ");
  const { server, http = "" } = configure(folder);
  const configuration = `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 512; }
http { log_format taken '$request_method $request_uri $upstream_status'; access_log ${folder}/access.log taken;
  ${paths} client_max_body_size 0; ${http}
  server { listen 127.0.0.1:${port} backlog=512; ${server} } }
`;
  const file = join(folder, "nginx.conf");
  writeFileSync(file, configuration);
  await listening(t, port, "nginx", "-p", folder, "-c", file, "-e", join(folder, "error.log"));
  return { port, folder };
}

/** One that hands all requests on to a port of this machine, over connections that it keeps. */
export const startNginxBefore = (t: Ending, upstream: number): Promise<Nginx> =>
  startNginx(t, () => ({
    http: `keepalive_requests 1000000; upstream ours { server 127.0.0.1:${upstream}; keepalive 8; }`,
    server: `location / {
      proxy_pass http://ours; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_request_buffering off;
    }`,
  }));
