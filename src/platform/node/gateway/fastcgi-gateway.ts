import { join } from "node:path";
import type { SocketAddress } from "../../../address/endpoint.ts";
import { requestPath } from "../../../application/cgi/variables.ts";
import { ResponderConnections } from "../../../application/fastcgi/connections.ts";
import { type FastCgiScript, fastCgi } from "../../../application/fastcgi/handler.ts";
import type { Handler } from "../../../application/http/handler.ts";
import { plain } from "../../../application/http/plain.ts";
import type { ProgramContext } from "../../../application/program.ts";
import { seconds } from "../../../time/instant.ts";
import { findScript, toBytes } from "./find-script.ts";
import { GATHER_LIMIT, WAITING_LIMIT } from "./limits.ts";
import { UNIX_PEER, unixSockets } from "./unix-sockets.ts";

export interface FastCgiGatewayOptions {
  /** Where the responder listens: an address, or the path of a UNIX socket. */
  readonly to: SocketAddress | string;
  /** The folder with the scripts. */
  readonly root: string;
  /** What a script's name ends in; `".php"` unless told. */
  readonly extension?: string | undefined;
  /** The script of a folder; `"index.php"` unless told. */
  readonly index?: string | undefined;
  /** Where in the site the folder is; "" unless told. */
  readonly mount?: string | undefined;
  /** Connections at once; 8 unless told. */
  readonly connections?: number | undefined;
  /**
   * Whether connections are kept for further requests. A responder that serves one connection at a time, as each process of
   * php-cgi does, must have as many processes as there are connections then. Not unless told.
   */
  readonly keep?: boolean | undefined;
  /** Seconds that a script may do nothing; 60 unless told. */
  readonly idle?: number | undefined;
  /** Answers local redirects. */
  readonly site?: Handler | undefined;
  /** Answers what is neither a script nor named as one; 404 unless told. */
  readonly otherwise?: Handler | undefined;
}

/** Lets scripts in a folder answer through a FastCGI responder such as php-cgi. */
export function fastCgiGateway(context: ProgramContext, options: FastCgiGatewayOptions): Handler {
  const { to, root, extension = ".php", index = "index.php", mount = "", keep = false, site } = options;
  const isPath = typeof to === "string";
  const connections = new ResponderConnections({
    sockets: isPath ? unixSockets(to) : context.sockets,
    address: isPath ? UNIX_PEER : to,
    connections: options.connections ?? 8,
    waiting: WAITING_LIMIT,
    keep,
    connectTime: seconds(5),
  });
  context.signal.addEventListener("abort", () => connections.close(), { once: true });
  const base = toBytes(mount.replace(/\/$/, ""));
  const script = (path: string): FastCgiScript | undefined => {
    const found = path.startsWith(`${base}/`)
      ? findScript(path.slice(base.length), { root, extension, index, executable: false })
      : undefined;
    if (found === undefined) return undefined;
    const { scriptName, pathInfo, file } = found;
    const pathTranslated = pathInfo === "" ? undefined : toBytes(root) + pathInfo;
    return { scriptName: base + scriptName, pathInfo, file: toBytes(file), pathTranslated };
  };
  return fastCgi({
    clock: context.clock,
    log: context.log,
    name: isPath ? to : `${to.address}:${to.port}`,
    connections,
    script,
    variables: [["DOCUMENT_ROOT", toBytes(join(root))]],
    keep,
    idle: seconds(options.idle ?? 60),
    gather: GATHER_LIMIT,
    withoutLength: "refuse",
    site,
    otherwise: (request, info) => {
      // A script that is not found is not shown as a file either.
      const isNamed = (requestPath(request) ?? extension)
        .split("/")
        .some((name) => name.toLowerCase().endsWith(extension));
      return isNamed || options.otherwise === undefined
        ? plain(404, "404 Not Found")
        : options.otherwise(request, info);
    },
  });
}
