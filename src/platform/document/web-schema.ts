import * as z from "zod";
import { PLAIN_PORTS } from "../../application/http/web/plain-ports.ts";
import { count, duration, flag, line, listOf, mapping, name, oneOf, text } from "./schema-parts.ts";

/** The version of the format, which a file begins with. */
export const WEB_FORMAT_VERSION = 1;
const SITES_LIMIT = 1000;
const FILES_LIMIT = 1000;
/** Characters of a file that is written in another. */
const INLINE_LIMIT = 500_000;

const path = (description: string) =>
  text(/^\/[\x21-\x7e]*$/, 'a path such as "/news/", percent-encoded where need be', description);
const fileName = text(
  /^\/?[^/\p{Cc}]+(\/[^/\p{Cc}]+)*$/u,
  'a file such as "index.html" or "css/site.css"',
  "The path of a file.",
);
const fieldName = text(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'a field\'s name such as "X-Frame-Options"', "A field.");
const fieldValue = (description: string) =>
  text(/^[\t\x20-\x7e]*$/, "printable ASCII without ends of lines", description);
const host = text(
  /^(\*|(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*|\[[0-9A-Fa-f:.]+\])$/,
  'a name such as "example.test" or "*.example.test", or "*" for all',
  "A name that the site answers to.",
);
const origin = text(/^https?:\/\/[^/\s]+$/, 'an origin such as "https://app.example"', "An origin.");
const token = (what: string) => text(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, what, "A token.");

const cors = mapping("a mapping with origins", {
  origins: z
    .union([z.literal("*", { error: '"*"' }), listOf(origin, "a list of origins, or *")], {
      error: 'a list of origins such as "https://app.example", or "*"',
    })
    .meta({ description: "Origins whose pages may read the answers." }),
  methods: listOf(token('a method such as "PUT"'), "a list of methods")
    .optional()
    .meta({ description: "Methods beside GET, HEAD and POST; PUT, PATCH and DELETE unless given." }),
  headers: listOf(fieldName, "a list of fields")
    .optional()
    .meta({ description: "Fields that requests may have; any unless given." }),
  expose: listOf(fieldName, "a list of fields")
    .optional()
    .meta({ description: "Fields of answers that pages may read." }),
  credentials: flag("Whether cookies are sent along; origins must be listed then.").optional(),
  maxAge: duration("How long a preflight's answer holds.").optional(),
}).meta({ description: "Which other origins' pages may read the answers (CORS)." });

const auth = mapping("a mapping with realm, users", {
  realm: fieldValue("What the password is for, told to people."),
  users: z
    .record(line("A user.", 100), line("The password.", 200), { error: "a mapping of passwords by user" })
    .meta({ description: "Passwords by user." }),
  paths: listOf(path("A path."), "a list of paths")
    .optional()
    .meta({ description: "Paths that need a user, with all below them; all unless given." }),
}).meta({ description: "Who may come in (basic authentication): use it over TLS only." });

const redirect = mapping("a mapping with from, to", {
  from: path("A path, or with * at the end all paths that begin so."),
  to: text(
    /^(\/|https?:\/\/)[\x21-\x7e]*$/,
    'a path or URL such as "/new/*" or "https://example.test/"',
    "Where to go; its * stands for what that of from did.",
  ),
  status: z
    .literal([301, 302, 303, 307, 308], { error: "one of 301, 302, 303, 307, 308" })
    .optional()
    .meta({ description: "308 unless given." }),
});

const form = mapping("a mapping with path, redirect", {
  path: path("What the form is posted to."),
  redirect: path("Where the browser goes then."),
  required: listOf(line("A field.", 100), "a list of fields")
    .optional()
    .meta({ description: "Fields without which it is refused." }),
  cookie: mapping("a mapping with name, field", {
    name: token('a cookie\'s name such as "visitor"').meta({ description: "The cookie's name." }),
    field: line("The field whose value it gets.", 100),
    maxAge: duration("How long it lives; until the browser is closed unless given.").optional(),
  })
    .optional()
    .meta({ description: "A cookie that is set to what was entered." }),
});

const upstreamUrl = text(
  /^https?:\/\/[^/\s@?#]+(\/[\x21-\x7e]*)?$/,
  'a URL such as "http://10.0.0.3:8080"',
  "A server.",
);
const proxyRoute = mapping("a mapping with path, to", {
  path: path("The path that is passed on, with all below it; of several the longest that fits."),
  to: listOf(
    z.union(
      [
        upstreamUrl,
        mapping("a mapping with url, weight", {
          url: upstreamUrl,
          weight: count(1, 1000, "Its share among the others; 1 unless given.").optional(),
        }),
      ],
      { error: "a URL, or a mapping with url, weight" },
    ),
    "a list of servers",
    100,
  )
    .min(1, { error: "at least one server" })
    .meta({ description: "Servers, of which each request gets one." }),
  balance: oneOf(
    ["round-robin", "least-connections"],
    "Who gets the next request; round-robin unless given.",
  ).optional(),
  host: oneOf(
    ["keep", "upstream"],
    "Whether the server is told the name that the client asked for, or its own; keep unless given.",
  ).optional(),
  strip: flag("Whether the path is taken away from what the server is asked for; false unless given.").optional(),
  upgrades: listOf(token('a protocol such as "websocket"'), "a list of protocols", 20)
    .optional()
    .meta({ description: 'Protocols that clients may leave HTTP for; ["websocket"] unless given.' }),
  headTimeout: duration("How long the server may take until its answer begins; 60s unless given.").optional(),
  idleTimeout: duration("How long nothing of a body may pass, in either direction; 60s unless given.").optional(),
});

const gateway = mapping("a mapping with path and one of cgi, fastcgi, wsgi", {
  path: path("The path that programs answer, with all below it."),
  cgi: line("A folder of programs, one process of which answers each request, relative to this file.", 1000).optional(),
  processes: count(1, 10_000, "Of cgi: processes at once; 8 unless given.").optional(),
  fastcgi: line("A FastCGI responder: host:port, or the path of a UNIX socket.", 1000).optional(),
  extension: line('Of fastcgi: what a script\'s name ends in; ".php" unless given.', 100).optional(),
  index: fileName.optional().meta({ description: "Of fastcgi: the script of a folder; index.php unless given." }),
  connections: count(1, 10_000, "Of fastcgi: connections at once; 8 unless given.").optional(),
  keep: flag("Of fastcgi: whether connections are kept for further requests; false unless given.").optional(),
  wsgi: text(
    /^[A-Za-z_][\w.]*(:[A-Za-z_][\w.]*(\(\))?)?$/,
    'an application such as "module:app" or "module:create_app()"',
    "A Python application.",
  ).optional(),
  workers: count(1, 1000, "Of wsgi: processes; 2 unless given.").optional(),
  python: line("Of wsgi: the interpreter; python3 unless given.", 1000).optional(),
  folder: line("Of fastcgi and wsgi: the folder of the scripts or modules, relative to this file.", 1000).optional(),
  idle: duration("How long a program may do nothing; 60s unless given.").optional(),
});
const certificateFile = (whose: string) =>
  line(`A file with ${whose} certificate and those between it and its authority, in PEM, relative to this one.`, 1000);
const keyFile = line("A file with the certificate's key, in PEM, relative to this one.", 1000);

export const siteFields = {
  hosts: listOf(host, "a list of names")
    .optional()
    .meta({ description: "Names that it answers to; all unless given." }),
  folder: line("A folder that is served, relative to this file; not on virtual hosts.", 1000).optional(),
  certificate: certificateFile("the site's").optional(),
  key: keyFile.optional(),
  symlinks: oneOf(
    ["none", "inside", "all"],
    "Which symbolic links in the folder are followed; inside unless given.",
  ).optional(),
  files: z
    .record(fileName, line("What is in it.", INLINE_LIMIT), { error: "a mapping of texts by file" })
    .refine((files) => Object.keys(files).length <= FILES_LIMIT, { error: `at most ${FILES_LIMIT} files` })
    .optional()
    .meta({ description: "Files that are written here, in place of a folder." }),
  index: listOf(fileName, "a list of files")
    .optional()
    .meta({ description: 'What stands for a folder; ["index.html"] unless given.' }),
  listing: flag("Whether folders without an index are listed; false unless given.").optional(),
  precompressed: flag("Whether page.html.br and page.html.gz are sent for page.html; false unless given.").optional(),
  languages: listOf(
    text(/^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/, 'a language such as "en" or "zh-CN"', "A language."),
    "a list of languages",
    50,
  )
    .optional()
    .meta({ description: "Languages of files such as page.en.html, the preferred first." }),
  notFound: fileName.optional().meta({ description: "A file that is sent where there is none." }),
  cache: fieldValue("Cache-Control of files; no-cache unless given.").optional(),
  compression: flag("Whether answers are compressed for who takes that; true unless given.").optional(),
  cors: cors.optional(),
  auth: auth.optional(),
  redirects: listOf(redirect, "a list of redirects").optional().meta({ description: "Paths that lead elsewhere." }),
  headers: z
    .record(fieldName, fieldValue("Its value; empty takes the field away."), { error: "a mapping of values by field" })
    .optional()
    .meta({ description: "Fields of every answer." }),
  forms: listOf(form, "a list of forms")
    .optional()
    .meta({ description: "Forms that are taken and written to the log." }),
  proxy: listOf(proxyRoute, "a list of paths that are passed on")
    .optional()
    .meta({ description: "Paths that other servers answer." }),
  gateways: listOf(gateway, "a list of gateways")
    .optional()
    .meta({ description: "Paths that programs answer; not on virtual hosts." }),
  trace: flag("Whether TRACE is answered; false unless given.").optional(),
};
export const site = mapping("a mapping of a site's settings", siteFields).meta({ description: "A site." });

export const sites = z
  .record(name, site, { error: "a mapping of sites by name" })
  .refine((all) => Object.keys(all).length > 0, { error: "at least one site" })
  .refine((all) => Object.keys(all).length <= SITES_LIMIT, { error: `at most ${SITES_LIMIT} sites` })
  .meta({ description: "The sites, by a name for people. The first also answers to names that none has." });

const limits = mapping("a mapping of limits", {
  connections: count(1, 1_000_000, "Connections at once; one more is answered 503.").optional(),
  connectionsPerAddress: count(1, 1_000_000, "Connections of one address; one more is answered 429.").optional(),
  requestsPerConnection: count(1, 1e9, "Requests on one connection, which is closed after the last.").optional(),
  body: count(0, Number.MAX_SAFE_INTEGER, "Bytes of a request's body; more is answered 413.").optional(),
  head: count(1024, 2 ** 20, "Bytes of a request's fields; more is answered 431.").optional(),
  headTime: duration("For the whole head of a request; then 408.").optional(),
  idleTime: duration("Between requests; then the connection is closed.").optional(),
  rateTime: duration("How long a body may come, or an answer go, slower than minimumRate.").optional(),
  minimumRate: count(0, 1e9, "Bytes a second, on average over rateTime.").optional(),
}).meta({ description: "What clients may take of the server." });

/** Everything a file for `netarium serve` may say. */
export const webFile = mapping("a mapping that begins with netarium-web: 1", {
  "netarium-web": z.literal(WEB_FORMAT_VERSION, { error: "1" }).meta({ description: "The version of this format." }),
  listen: mapping("a mapping with port, bind", {
    port: count(0, 65_535, "8080 unless given; 0 chooses one.").optional(),
    bind: line("The address to listen on; 127.0.0.1, which only this machine reaches, unless given.", 100).optional(),
  })
    .optional()
    .meta({ description: "Where the server listens." }),
  tls: mapping("a mapping with port, certificate, key, plain, hsts", {
    port: count(0, 65_535, "8443 unless given; 0 chooses one.").optional(),
    certificate: certificateFile("the server's").optional(),
    key: keyFile.optional(),
    plain: oneOf(PLAIN_PORTS, "What listen.port does: redirect (to HTTPS) unless given, serve, off.").optional(),
    hsts: count(0, 3650, "For so many days browsers are to come by HTTPS only; not told unless given.").optional(),
  })
    .optional()
    .meta({
      description: "Serves HTTPS; with a certificate of the local authority (netarium ca) unless one is given.",
    }),
  accessLog: z
    .union([z.boolean(), line("A file, relative to this one.", 1000)], { error: "true, false, or a file" })
    .optional()
    .meta({
      description:
        "Where each request is written in the combined format: standard output (true), a file, or not at all.",
    }),
  limits: limits.optional(),
  rateLimit: mapping("a mapping with rate, burst", {
    rate: z
      .number({ error: "a number above 0" })
      .positive({ error: "a number above 0" })
      .max(1e6, { error: "at most a million" })
      .meta({ description: "Requests a second that one address may make, on average." }),
    burst: count(1, 1e6, "Requests that it may make at once."),
  })
    .optional()
    .meta({ description: "One request more is answered 429; not limited unless given." }),
  sites,
});

export type SiteFile = z.output<typeof site>;
export type WebFile = z.output<typeof webFile>;

/** The JSON Schema (2020-12) of a file for `netarium serve`, for editors. */
export function webJsonSchema(): object {
  const schema = z.toJSONSchema(webFile, { io: "input", reused: "ref" });
  return { ...schema, title: "Netarium web server" };
}
