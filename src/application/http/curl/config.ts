/** One piece of what `-d` and its like send, in the order given. */
export interface DataPart {
  /** As the option is named; `json` pieces are joined without `&`. */
  readonly kind: "data" | "data-raw" | "data-binary" | "data-urlencode" | "json";
  readonly text: string;
}

/** One `-F` or `--form-string`. */
export interface FormPart {
  readonly text: string;
  /** Neither `@`, `<` nor `;type=` mean anything. */
  readonly literal: boolean;
}

/** Where one transfer's body goes. */
export type OutputPlace = { readonly kind: "file"; readonly path: string } | { readonly kind: "remote-name" };

/** What a command line asks for: all URLs up to `--next`. Times are in seconds. */
export interface CurlConfig {
  readonly urls: string[];
  readonly outputs: OutputPlace[];
  readonly uploads: string[];
  readonly headers: string[];
  readonly proxyHeaders: string[];
  readonly data: DataPart[];
  readonly form: FormPart[];
  readonly cookies: string[];
  readonly resolve: string[];
  readonly connectTo: string[];
  readonly urlQuery: string[];
  method: string | undefined;
  get: boolean;
  head: boolean;
  include: boolean;
  verbose: boolean;
  silent: boolean;
  showError: boolean;
  location: boolean;
  locationTrusted: boolean;
  post301: boolean;
  post302: boolean;
  post303: boolean;
  maxRedirs: number;
  fail: boolean;
  failWithBody: boolean;
  failEarly: boolean;
  insecure: boolean;
  cacert: string | undefined;
  cert: string | undefined;
  key: string | undefined;
  tlsMinimum: "TLSv1.2" | "TLSv1.3" | undefined;
  tlsMaximum: "TLSv1.2" | "TLSv1.3" | undefined;
  alpn: boolean;
  http10: boolean;
  cookieJar: string | undefined;
  junkSessionCookies: boolean;
  dumpHeader: string | undefined;
  writeOut: string | undefined;
  user: string | undefined;
  bearer: string | undefined;
  userAgent: string | undefined;
  referer: string | undefined;
  maxTime: number | undefined;
  connectTimeout: number | undefined;
  expectTimeout: number;
  range: string | undefined;
  compressed: boolean;
  proxy: string | undefined;
  proxyUser: string | undefined;
  proxyTunnel: boolean;
  noProxy: string | undefined;
  createDirs: boolean;
  outputDir: string | undefined;
  remoteHeaderName: boolean;
  remoteNameAll: boolean;
  /** Whether a file that is there is kept; undefined where nothing was said. */
  noClobber: boolean | undefined;
  removeOnError: boolean;
  retry: number;
  retryDelay: number;
  retryMaxTime: number;
  retryAllErrors: boolean;
  retryConnRefused: boolean;
  requestTarget: string | undefined;
  pathAsIs: boolean;
  globOff: boolean;
  timeCond: string | undefined;
  maxFileSize: number | undefined;
}

export const newConfig = (): CurlConfig => ({
  urls: [],
  outputs: [],
  uploads: [],
  headers: [],
  proxyHeaders: [],
  data: [],
  form: [],
  cookies: [],
  resolve: [],
  connectTo: [],
  urlQuery: [],
  method: undefined,
  get: false,
  head: false,
  include: false,
  verbose: false,
  silent: false,
  showError: false,
  location: false,
  locationTrusted: false,
  post301: false,
  post302: false,
  post303: false,
  maxRedirs: 50,
  fail: false,
  failWithBody: false,
  failEarly: false,
  insecure: false,
  cacert: undefined,
  cert: undefined,
  key: undefined,
  tlsMinimum: undefined,
  tlsMaximum: undefined,
  alpn: true,
  http10: false,
  cookieJar: undefined,
  junkSessionCookies: false,
  dumpHeader: undefined,
  writeOut: undefined,
  user: undefined,
  bearer: undefined,
  userAgent: undefined,
  referer: undefined,
  maxTime: undefined,
  connectTimeout: undefined,
  expectTimeout: 1,
  range: undefined,
  compressed: false,
  proxy: undefined,
  proxyUser: undefined,
  proxyTunnel: false,
  noProxy: undefined,
  createDirs: false,
  outputDir: undefined,
  remoteHeaderName: false,
  remoteNameAll: false,
  noClobber: undefined,
  removeOnError: false,
  retry: 0,
  retryDelay: 0,
  retryMaxTime: 0,
  retryAllErrors: false,
  retryConnRefused: false,
  requestTarget: undefined,
  pathAsIs: false,
  globOff: false,
  timeCond: undefined,
  maxFileSize: undefined,
});
