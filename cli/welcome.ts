/**
 * A file's words of welcome, in which `{join.address}` and `{join.port}` are where a door really is. What is said of a door that is
 * not open is left out, line by line; what names no door stands as it was written.
 * @param places by the door's name, such as `"127.0.0.1:8888"`; undefined for one that is shut
 */
export function fillWelcome(welcome: string, places: ReadonlyMap<string, string | undefined>): string {
  const lines = welcome.split("\n").flatMap((line) => {
    let isOpen = true;
    const filled = line.replaceAll(/\{([\w-]+)\.(address|port)\}/g, (whole, door: string, part: string) => {
      if (!places.has(door)) return whole;
      const [address = "", port = ""] = places.get(door)?.split(":") ?? [];
      if (port === "") isOpen = false;
      return part === "address" ? address : port;
    });
    return isOpen ? [filled] : [];
  });
  return lines.join("\n").trimEnd();
}
