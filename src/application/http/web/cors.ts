import type { Middleware } from "../handler.ts";
import type { Headers } from "../headers.ts";
import type { Request } from "../request.ts";
import { Response } from "../response.ts";
import { addVary } from "./negotiate.ts";
import { ownResponse } from "./response.ts";

export interface CorsOptions {
  /** Origins whose pages may read the answers, such as `"https://app.example"`; `"*"` for all. */
  readonly origins: "*" | readonly string[];
  /** Methods that they may use beside GET, HEAD and POST; PUT, PATCH and DELETE unless given. */
  readonly methods?: readonly string[] | undefined;
  /** Fields that their requests may have; any that they ask for unless given. */
  readonly headers?: readonly string[] | undefined;
  /** Fields of the answers that they may read beside the safelisted. */
  readonly expose?: readonly string[] | undefined;
  /** Whether cookies are sent along, for which origins must be listed. */
  readonly credentials?: boolean | undefined;
  /** Seconds for which a preflight's answer holds. */
  readonly maxAge?: number | undefined;
}

const METHODS = ["PUT", "PATCH", "DELETE"];

/**
 * The Fetch standard's CORS protocol: which other origins' pages may read what is answered. It protects the reader's browser,
 * not the server.
 * @throws TypeError for credentials with any origin, which browsers refuse
 */
export function cors(options: CorsOptions): Middleware {
  const { origins, credentials = false, expose = [] } = options;
  if (origins === "*" && credentials) throw new TypeError("CORS with credentials needs a list of origins");
  return (next) => async (request, info) => {
    const origin = request.headers.get("origin");
    const asked = request.headers.get("access-control-request-method");
    // Fetch standard, "CORS-preflight fetch": OPTIONS with both fields.
    if (request.method === "OPTIONS" && origin !== null && asked !== null) return preflight(request, origin, options);
    const response = ownResponse(await next(request, info));
    allow(response.headers, origin, options);
    if (expose.length > 0 && response.headers.has("access-control-allow-origin")) {
      response.headers.set("Access-Control-Expose-Headers", expose.join(", "));
    }
    return response;
  };
}

/** What is written depends on Origin only where not all are allowed; then also for requests without one. */
function allow(headers: Headers, origin: string | null, { origins, credentials }: CorsOptions): boolean {
  if (origins === "*") {
    headers.set("Access-Control-Allow-Origin", "*");
    return true;
  }
  addVary(headers, "Origin");
  if (origin === null || !origins.includes(origin)) return false;
  headers.set("Access-Control-Allow-Origin", origin);
  if (credentials) headers.set("Access-Control-Allow-Credentials", "true");
  return true;
}

function preflight(request: Request, origin: string, options: CorsOptions): Response {
  const response = new Response(null, { status: 204 });
  const { headers } = response;
  if (!allow(headers, origin, options)) return response;
  headers.set("Access-Control-Allow-Methods", ["GET", "HEAD", "POST", ...(options.methods ?? METHODS)].join(", "));
  const asked = request.headers.get("access-control-request-headers");
  if (options.headers === undefined) addVary(headers, "Access-Control-Request-Headers");
  const fields = options.headers?.join(", ") ?? asked;
  if (fields !== null && fields !== "") headers.set("Access-Control-Allow-Headers", fields);
  if (options.maxAge !== undefined) headers.set("Access-Control-Max-Age", String(options.maxAge));
  return response;
}
