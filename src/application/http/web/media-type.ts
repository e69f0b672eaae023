import mime from "mime/lite";

/** Types that the list of standard ones lacks, of what stands on web servers all the same. */
const OTHERS: Readonly<Record<string, string>> = {
  ico: "image/vnd.microsoft.icon",
  map: "application/json",
  // By the list a .ts file is a video.
  ts: "text/plain",
  cjs: "text/javascript",
  avif: "image/avif",
};

const UNKNOWN = "application/octet-stream";

/** The media type of a file by the ending of its name, with the charset where it is text. */
export function mediaTypeOf(name: string): string {
  const ending = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  const type = OTHERS[ending] ?? mime.getType(ending) ?? UNKNOWN;
  return isText(type) ? `${type}; charset=utf-8` : type;
}

/** Types whose bytes are UTF-8 unless they say otherwise, which a browser does not assume. */
const isText = (type: string): boolean => type.startsWith("text/") || type === "application/xml";

/** A media type without its parameters, in lower case. */
export const essenceOf = (type: string): string => (type.split(";", 1)[0] ?? "").trim().toLowerCase();

const COMPRESSIBLE: ReadonlySet<string> = new Set([
  ...["application/javascript", "application/json", "application/xml", "application/wasm", "application/rtf"],
  ...["application/x-javascript", "application/x-ndjson", "application/yaml", "application/toml", "application/sql"],
  ...["application/graphql", "application/manifest+json", "application/vnd.ms-fontobject", "image/bmp"],
  ...["image/vnd.microsoft.icon", "image/x-icon", "font/ttf", "font/otf", "model/gltf-binary"],
]);

/** Whether compressing is worth it: not of what is compressed already, as images, sound, archives and web fonts are. */
export function isCompressible(type: string): boolean {
  const essence = essenceOf(type);
  return essence.startsWith("text/") || COMPRESSIBLE.has(essence) || /\+(?:json|xml|text|yaml)$/.test(essence);
}
