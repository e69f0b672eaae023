/**
 * A file's words of welcome, in which `{join.address}` and `{join.port}` are where a door really is. What is said of a door that is
 * not open is left out, line by line.
 * @param places by the door's name
 */
export function fillWelcome(welcome: string, places: ReadonlyMap<string, string>): string {
  const lines = welcome.split("\n").flatMap((line) => {
    let isOpen = true;
    const filled = line.replaceAll(/\{([\w-]+)\.(address|port)\}/g, (_, door: string, part: string) => {
      const [address = "", port = ""] = (places.get(door) ?? "").split(":");
      if (port === "") isOpen = false;
      return part === "address" ? address : port;
    });
    return isOpen ? [filled] : [];
  });
  return lines.join("\n").trimEnd();
}
