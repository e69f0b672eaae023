import { dirname } from "node:path";
import { scriptBusy } from "../../../application/cgi/errors.ts";
import { scriptInput } from "../../../application/cgi/input.ts";
import { respondBy, type ScriptAnswer } from "../../../application/cgi/respond.ts";
import { metaVariables, requestPath } from "../../../application/cgi/variables.ts";
import type { Handler, RequestInfo } from "../../../application/http/handler.ts";
import { plain } from "../../../application/http/plain.ts";
import type { Request } from "../../../application/http/request.ts";
import type { ProgramContext } from "../../../application/program.ts";
import { Turns } from "../../../application/turns.ts";
import { seconds } from "../../../time/instant.ts";
import { CgiProcess } from "./cgi-process.ts";
import { type FoundScript, findScript, fromBytes, toBytes } from "./find-script.ts";
import { GATHER_LIMIT, WAITING_LIMIT } from "./limits.ts";

export interface CgiOptions {
  /** The folder with the scripts, which are files that this user may execute. */
  readonly root: string;
  /** Where in the site the folder is: `"/cgi-bin"`. */
  readonly mount?: string | undefined;
  /** Scripts at once; 8 unless told. */
  readonly processes?: number | undefined;
  /** Seconds that a script may do nothing; 60 unless told. */
  readonly idle?: number | undefined;
  /** Whether scripts are shown Authorization. */
  readonly authorization?: boolean | undefined;
  /** Answers local redirects; this handler unless told. */
  readonly site?: Handler | undefined;
}

/** Lets programs in a folder answer, one process for each request (RFC 3875). "nph-" scripts are as any other. */
export function cgi(context: ProgramContext, options: CgiOptions): Handler {
  const { root, mount = "", processes = 8, idle = 60, authorization = false } = options;
  const turns = new Turns(processes, WAITING_LIMIT, scriptBusy);
  const base = toBytes(mount.replace(/\/$/, ""));
  const run = async (request: Request, info: RequestInfo, found: FoundScript): Promise<ScriptAnswer> => {
    const { body, length } = await scriptInput(request, GATHER_LIMIT);
    if (body !== null && length === undefined) throw new LengthRequired();
    const { scriptName, pathInfo, file } = found;
    const place = { scriptName: base + scriptName, pathInfo };
    const pathTranslated = pathInfo === "" ? undefined : toBytes(root) + pathInfo;
    const variables = metaVariables(request, info, { place, contentLength: length, pathTranslated, authorization });
    await turns.take(info.signal);
    const answer = new CgiProcess({
      file,
      // RFC 3875 §7.2: a script runs in its own folder.
      folder: dirname(file),
      environment: environmentOf(variables),
      body,
      clock: context.clock,
      idle: seconds(idle),
      said: (line) => context.log("script-said", { gateway: scriptName, line }),
      signal: AbortSignal.any([info.signal, context.signal]),
      ended: () => turns.end(),
    });
    return { head: await answer.head(), body: answer };
  };
  const handler: Handler = async (request, info) => {
    const path = requestPath(request);
    const found = path?.startsWith(`${base}/`)
      ? findScript(path.slice(base.length), { root, executable: true })
      : undefined;
    if (found === undefined) return plain(404, "404 Not Found");
    const { log } = context;
    const respond = { gateway: found.scriptName, log, site: options.site ?? handler };
    try {
      return await respondBy(() => run(request, info, found), respond)(request, info);
    } catch (error) {
      if (error instanceof LengthRequired) return plain(411, "411 Length Required");
      throw error;
    }
  };
  return handler;
}

class LengthRequired extends Error {}

/** Only what RFC 3875 says, and PATH. Node writes an environment in UTF-8, so what is not that is left out. */
function environmentOf(variables: readonly (readonly [string, string])[]): Record<string, string> {
  const environment: Record<string, string> = { PATH: process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin" };
  for (const [name, value] of variables) {
    const text = fromBytes(value);
    if (text !== undefined && !text.includes("\0")) environment[name] = text;
  }
  return environment;
}
