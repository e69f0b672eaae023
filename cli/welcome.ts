/** A file's words of welcome, in which `{join.address}` and `{join.port}` are where a door really is. @param places by the door's name */
export function fillWelcome(welcome: string, places: ReadonlyMap<string, string>): string {
  return welcome
    .replaceAll(/\{([\w-]+)\.(address|port)\}/g, (gap, door: string, part: string) => {
      const [address = gap, port = gap] = (places.get(door) ?? "").split(":");
      return (part === "address" ? address : port) || gap;
    })
    .trimEnd();
}
