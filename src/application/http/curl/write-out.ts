/** What `-w` may tell of a transfer; times in seconds. */
export interface TransferFacts {
  readonly contentType: string;
  readonly errorMessage: string;
  readonly exitCode: number;
  readonly fileName: string;
  readonly status: number;
  readonly connectStatus: number;
  readonly httpVersion: string;
  readonly localIp: string;
  readonly localPort: number;
  readonly remoteIp: string;
  readonly remotePort: number;
  readonly method: string;
  readonly connects: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly redirects: number;
  readonly redirectUrl: string;
  readonly referer: string;
  readonly scheme: string;
  readonly sizeDownload: number;
  readonly sizeHeader: number;
  readonly sizeRequest: number;
  readonly sizeUpload: number;
  readonly times: TransferTimes;
  readonly url: string;
  readonly effectiveUrl: string;
  readonly urlNumber: number;
  readonly verifyResult: number;
}

/** Seconds since the transfer began; of what did not come about, 0. */
export interface TransferTimes {
  readonly namelookup: number;
  readonly connect: number;
  readonly appconnect: number;
  readonly pretransfer: number;
  readonly starttransfer: number;
  readonly redirect: number;
  readonly total: number;
}

const micro = (seconds: number): string => seconds.toFixed(6);
const speed = (bytes: number, { total }: TransferTimes): string => `${total > 0 ? Math.floor(bytes / total) : 0}`;

const VARIABLES: Readonly<Record<string, (facts: TransferFacts) => string>> = {
  content_type: ({ contentType }) => contentType,
  errormsg: ({ errorMessage }) => errorMessage,
  exitcode: ({ exitCode }) => `${exitCode}`,
  filename_effective: ({ fileName }) => fileName,
  ftp_entry_path: () => "",
  http_code: ({ status }) => `${status}`.padStart(3, "0"),
  http_connect: ({ connectStatus }) => `${connectStatus}`.padStart(3, "0"),
  http_version: ({ httpVersion }) => httpVersion,
  local_ip: ({ localIp }) => localIp,
  local_port: ({ localPort }) => `${localPort}`,
  method: ({ method }) => method,
  num_connects: ({ connects }) => `${connects}`,
  num_headers: ({ headers }) => `${headers.length}`,
  num_redirects: ({ redirects }) => `${redirects}`,
  proxy_ssl_verify_result: () => "0",
  redirect_url: ({ redirectUrl }) => redirectUrl,
  referer: ({ referer }) => referer,
  remote_ip: ({ remoteIp }) => remoteIp,
  remote_port: ({ remotePort }) => `${remotePort}`,
  response_code: ({ status }) => `${status}`.padStart(3, "0"),
  scheme: ({ scheme }) => scheme,
  size_download: ({ sizeDownload }) => `${sizeDownload}`,
  size_header: ({ sizeHeader }) => `${sizeHeader}`,
  size_request: ({ sizeRequest }) => `${sizeRequest}`,
  size_upload: ({ sizeUpload }) => `${sizeUpload}`,
  speed_download: ({ sizeDownload, times }) => speed(sizeDownload, times),
  speed_upload: ({ sizeUpload, times }) => speed(sizeUpload, times),
  ssl_verify_result: ({ verifyResult }) => `${verifyResult}`,
  time_appconnect: ({ times }) => micro(times.appconnect),
  time_connect: ({ times }) => micro(times.connect),
  time_namelookup: ({ times }) => micro(times.namelookup),
  time_pretransfer: ({ times }) => micro(times.pretransfer),
  time_redirect: ({ times }) => micro(times.redirect),
  time_starttransfer: ({ times }) => micro(times.starttransfer),
  time_total: ({ times }) => micro(times.total),
  url: ({ url }) => url,
  url_effective: ({ effectiveUrl }) => effectiveUrl,
  urlnum: ({ urlNumber }) => `${urlNumber}`,
};

/** Where text goes. */
export interface WriteOutTexts {
  stdout: string;
  stderr: string;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
const TOKEN = /%%|%\{([^}]*)\}|%header\{([^}]*)\}|\\(.)/gs;

/** What a format of `-w` says of a transfer, and where. */
export function writeOut(format: string, facts: TransferFacts): WriteOutTexts {
  const texts: WriteOutTexts = { stdout: "", stderr: "" };
  let to: keyof WriteOutTexts = "stdout";
  let at = 0;
  for (const match of format.matchAll(TOKEN)) {
    const [whole, name, header, escaped] = match;
    texts[to] += format.slice(at, match.index);
    at = match.index + whole.length;
    if (whole === "%%") texts[to] += "%";
    else if (escaped !== undefined) texts[to] += ESCAPES[escaped] ?? whole;
    else if (header !== undefined) texts[to] += headerValue(header, facts);
    else if (name === "stdout" || name === "stderr") to = name;
    else if (name === "onerror") {
      if (facts.exitCode === 0) return texts;
    } else if (name === "json") texts[to] += jsonOf(facts);
    else if (name === "header_json") texts[to] += headersJson(facts);
    else if (Object.hasOwn(VARIABLES, name ?? "")) texts[to] += VARIABLES[name ?? ""]?.(facts) ?? "";
    else texts.stderr += `curl: unknown --write-out variable: '${name}'\n`;
  }
  texts[to] += format.slice(at);
  return texts;
}

const headerValue = (name: string, { headers }: TransferFacts): string =>
  headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1] ?? "";

/** Numbers as numbers, as curl has them. */
function jsonOf(facts: TransferFacts): string {
  const members: Record<string, string | number | null> = {};
  for (const [name, value] of Object.entries(VARIABLES)) {
    const text = value(facts);
    const numeric = /^(size|speed|time|num|exitcode|http_c|local_port|remote_port|response|urlnum|.*verify)/.test(name);
    members[name] = numeric ? Number(text) : text === "" ? null : text;
  }
  return JSON.stringify({ ...members, curl_version: "netarium" });
}

function headersJson({ headers }: TransferFacts): string {
  const members: Record<string, string[]> = {};
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    members[lower] = [...(Object.hasOwn(members, lower) ? (members[lower] as string[]) : []), value];
  }
  return JSON.stringify(members);
}
