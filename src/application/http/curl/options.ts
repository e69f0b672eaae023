import type { CurlConfig } from "./config.ts";

/** An option of the command line: with a value, or switched on and, by `--no-NAME`, off. */
export type CurlOption =
  | { readonly takes: "value"; readonly apply: (config: CurlConfig, value: string) => OptionFault | undefined }
  | { readonly takes: "nothing"; readonly apply: (config: CurlConfig, on: boolean) => void };

/** What is wrong with an option's value, in curl's words. */
export type OptionFault =
  | "expected a proper numerical parameter"
  | "expected a positive numerical parameter"
  | "is badly used here"
  | "a specified protocol is unsupported by libcurl";

type Key<Value> = {
  [Name in keyof CurlConfig]-?: Value extends CurlConfig[Name] ? Name : never;
}[keyof CurlConfig];
type ListKey = {
  [Name in keyof CurlConfig]-?: CurlConfig[Name] extends string[] ? Name : never;
}[keyof CurlConfig];

const flag = (name: Key<boolean>, also?: (config: CurlConfig) => void): CurlOption => ({
  takes: "nothing",
  apply: (config, on) => {
    config[name] = on as never;
    if (on) also?.(config);
  },
});
const text = (name: Exclude<Key<string>, undefined>): CurlOption => ({
  takes: "value",
  apply: (config, value) => {
    config[name] = value as never;
    return undefined;
  },
});
const list = (name: ListKey): CurlOption => ({
  takes: "value",
  apply: (config, value) => {
    config[name].push(value);
    return undefined;
  },
});
/** @param least −1 where that means without a limit */
const count = (name: Key<number>, least = 0): CurlOption => ({
  takes: "value",
  apply: (config, value) => {
    if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(Number(value))) return "expected a proper numerical parameter";
    if (Number(value) < least) return "expected a positive numerical parameter";
    config[name] = Number(value) as never;
    return undefined;
  },
});
const seconds = (name: Key<number>): CurlOption => ({
  takes: "value",
  apply: (config, value) => {
    if (!/^\d+(\.\d*)?$/.test(value)) {
      return value.startsWith("-")
        ? "expected a positive numerical parameter"
        : "expected a proper numerical parameter";
    }
    config[name] = Number(value) as never;
    return undefined;
  },
});
const data = (kind: CurlConfig["data"][number]["kind"]): CurlOption => ({
  takes: "value",
  apply: (config, value) => {
    config.data.push({ kind, text: value });
    return undefined;
  },
});
const form = (literal: boolean): CurlOption => ({
  takes: "value",
  apply: (config, value) => {
    if (!value.includes("=")) return "is badly used here";
    config.form.push({ text: value, literal });
    return undefined;
  },
});
const ignored: CurlOption = { takes: "nothing", apply: () => {} };
const ignoredValue: CurlOption = { takes: "value", apply: () => undefined };

const fileSize: CurlOption = {
  takes: "value",
  apply: (config, value) => {
    const [, digits, unit = ""] = /^(\d+)([bkmg]?)$/i.exec(value) ?? [];
    if (digits === undefined) return "expected a proper numerical parameter";
    config.maxFileSize = Number(digits) * 1024 ** "bkmg".indexOf(unit.toLowerCase() || "b");
    return undefined;
  },
};
const tlsMax: CurlOption = {
  takes: "value",
  apply: (config, value) => {
    if (!["default", "1.0", "1.1", "1.2", "1.3"].includes(value)) return "is badly used here";
    config.tlsMaximum = value === "1.2" || value === "1.3" ? `TLSv${value}` : undefined;
    return undefined;
  },
};
const tlsFrom = (version: "TLSv1.2" | "TLSv1.3"): CurlOption => ({
  takes: "nothing",
  apply: (config) => {
    config.tlsMinimum = version;
  },
});
const version10 = (on10: boolean): CurlOption => ({
  takes: "nothing",
  apply: (config) => {
    config.http10 = on10;
  },
});

/** What we do, by curl's long names. */
export const OPTIONS: ReadonlyMap<string, CurlOption> = new Map(
  Object.entries({
    alpn: flag("alpn"),
    anyauth: ignored,
    basic: ignored,
    cacert: text("cacert"),
    cert: text("cert"),
    compressed: flag("compressed"),
    "connect-timeout": seconds("connectTimeout"),
    "connect-to": list("connectTo"),
    cookie: list("cookies"),
    "cookie-jar": text("cookieJar"),
    "create-dirs": flag("createDirs"),
    data: data("data"),
    "data-ascii": data("data"),
    "data-binary": data("data-binary"),
    "data-raw": data("data-raw"),
    "data-urlencode": data("data-urlencode"),
    disable: ignored,
    "dump-header": text("dumpHeader"),
    "expect100-timeout": seconds("expectTimeout"),
    fail: flag("fail", (config) => {
      config.failWithBody = false;
    }),
    "fail-early": flag("failEarly"),
    "fail-with-body": flag("failWithBody", (config) => {
      config.fail = false;
    }),
    form: form(false),
    "form-string": form(true),
    get: flag("get"),
    globoff: flag("globOff"),
    head: flag("head"),
    header: list("headers"),
    "http1.0": version10(true),
    "http1.1": version10(false),
    include: flag("include"),
    insecure: flag("insecure"),
    ipv4: ignored,
    json: data("json"),
    "junk-session-cookies": flag("junkSessionCookies"),
    keepalive: ignored,
    "keepalive-time": ignoredValue,
    key: text("key"),
    location: flag("location"),
    "location-trusted": flag("locationTrusted", (config) => {
      config.location = true;
    }),
    "max-filesize": fileSize,
    "max-redirs": count("maxRedirs", -1),
    "max-time": seconds("maxTime"),
    buffer: ignored,
    clobber: {
      takes: "nothing",
      apply: (config, on) => {
        config.noClobber = !on;
      },
    },
    noproxy: text("noProxy"),
    "oauth2-bearer": text("bearer"),
    output: {
      takes: "value",
      apply: (config, path) => {
        config.outputs.push({ kind: "file", path });
        return undefined;
      },
    },
    "output-dir": text("outputDir"),
    "path-as-is": flag("pathAsIs"),
    post301: flag("post301"),
    post302: flag("post302"),
    post303: flag("post303"),
    "progress-bar": ignored,
    "progress-meter": ignored,
    proxy: text("proxy"),
    "proxy-basic": ignored,
    "proxy-header": list("proxyHeaders"),
    "proxy-user": text("proxyUser"),
    proxytunnel: flag("proxyTunnel"),
    range: text("range"),
    referer: text("referer"),
    "remote-header-name": flag("remoteHeaderName"),
    "remote-name": {
      takes: "nothing",
      apply: (config, on) => {
        if (on) config.outputs.push({ kind: "remote-name" });
      },
    },
    "remote-name-all": flag("remoteNameAll"),
    "remove-on-error": flag("removeOnError"),
    request: text("method"),
    "request-target": text("requestTarget"),
    resolve: list("resolve"),
    retry: count("retry"),
    "retry-all-errors": flag("retryAllErrors"),
    "retry-connrefused": flag("retryConnRefused"),
    "retry-delay": count("retryDelay"),
    "retry-max-time": count("retryMaxTime"),
    "show-error": flag("showError"),
    silent: flag("silent"),
    "styled-output": ignored,
    "tcp-nodelay": ignored,
    "time-cond": text("timeCond"),
    "tls-max": tlsMax,
    tlsv1: ignored,
    "tlsv1.0": ignored,
    "tlsv1.1": ignored,
    "tlsv1.2": tlsFrom("TLSv1.2"),
    "tlsv1.3": tlsFrom("TLSv1.3"),
    "upload-file": list("uploads"),
    url: list("urls"),
    "url-query": list("urlQuery"),
    user: text("user"),
    "user-agent": text("userAgent"),
    verbose: flag("verbose"),
    "write-out": text("writeOut"),
  } satisfies Record<string, CurlOption>),
);

/** The letters of options that have one. */
export const LETTERS: Readonly<Record<string, string>> = {
  "0": "http1.0",
  "1": "tlsv1",
  "4": "ipv4",
  ":": "next",
  "#": "progress-bar",
  A: "user-agent",
  b: "cookie",
  c: "cookie-jar",
  d: "data",
  D: "dump-header",
  e: "referer",
  E: "cert",
  f: "fail",
  F: "form",
  g: "globoff",
  G: "get",
  h: "help",
  H: "header",
  i: "include",
  I: "head",
  j: "junk-session-cookies",
  J: "remote-header-name",
  k: "insecure",
  L: "location",
  m: "max-time",
  N: "no-buffer",
  o: "output",
  O: "remote-name",
  p: "proxytunnel",
  q: "disable",
  r: "range",
  s: "silent",
  S: "show-error",
  T: "upload-file",
  u: "user",
  U: "proxy-user",
  v: "verbose",
  V: "version",
  w: "write-out",
  x: "proxy",
  X: "request",
  z: "time-cond",
};

/** Options of curl that we do not do: an abbreviation of one means no other. */
export const NOT_HERE: readonly string[] =
  `abstract-unix-socket alt-svc append aws-sigv4 capath cert-status cert-type ciphers compressed-ssh config continue-at
  create-file-mode crlf crlfile curves delegation digest disable-eprt disable-epsv disallow-username-in-url
  dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-cert-status doh-insecure doh-url egd-file engine etag-compare
  etag-save false-start ftp-account ftp-alternative-to-user ftp-create-dirs ftp-method ftp-pasv ftp-port ftp-pret
  ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-ccc-mode ftp-ssl-control happy-eyeballs-timeout-ms form-escape haproxy-protocol hostpubmd5
  hostpubsha256 hsts http0.9 http2 http2-prior-knowledge http3 http3-only ignore-content-length interface ipv6 key-type krb libcurl limit-rate list-only
  local-port login-options mail-auth mail-from mail-rcpt mail-rcpt-allowfails manual metalink negotiate netrc netrc-file
  netrc-optional npn sessionid ntlm ntlm-wb parallel parallel-immediate parallel-max pass pinnedpubkey preproxy proto
  proto-default proto-redir proxy-anyauth proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile
  proxy-digest proxy-insecure proxy-key proxy-key-type proxy-negotiate proxy-ntlm proxy-pass proxy-pinnedpubkey
  proxy-service-name proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tls13-ciphers proxy-tlsauthtype
  proxy-tlspassword proxy-tlsuser proxy-tlsv1 proxy1.0 pubkey quote random-file rate raw remote-time sasl-authzid sasl-ir
  service-name socks4 socks4a socks5 socks5-basic socks5-gssapi socks5-gssapi-nec socks5-gssapi-service socks5-hostname
  speed-limit speed-time ssl ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-reqd ssl-revoke-best-effort sslv2 sslv3
  stderr suppress-connect-headers tcp-fastopen telnet-option tftp-blksize tftp-no-options tls13-ciphers tlsauthtype
  tlspassword tlsuser tr-encoding trace trace-ascii trace-time unix-socket use-ascii xattr`.split(/\s+/);
