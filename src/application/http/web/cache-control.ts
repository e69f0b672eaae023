/** The directives of a Cache-Control field (RFC 9111 §5.2) by their names in lower case; those without an argument have "". */
export function parseCacheControl(text: string | null): ReadonlyMap<string, string> {
  const directives = new Map<string, string>();
  const pattern =
    /[\s,]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+\-.^_`|~0-9A-Za-z]*)))?\s*(?=,|$)/y;
  for (let match = pattern.exec(text ?? ""); match !== null; match = pattern.exec(text ?? "")) {
    const [, name = "", quoted, token] = match;
    // §4.2.1: of a directive that stands twice, the first counts.
    if (!directives.has(name.toLowerCase()))
      directives.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, "$1") ?? token ?? "");
  }
  return directives;
}
