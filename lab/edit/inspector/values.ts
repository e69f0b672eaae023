/** What is typed with commas or spaces between; null for nothing. */
export function listOf(typed: string): readonly string[] | null {
  const list = typed.split(/[\s,]+/).filter((each) => each !== "");
  return list.length === 0 ? null : list;
}

/** One thing as it is, several as a list, none as nothing: as network files write addresses. */
export function oneOrList(typed: string): string | readonly string[] | null {
  const list = listOf(typed);
  return list?.length === 1 ? (list[0] as string) : list;
}

/** What a program's parameter is when it is typed. @param type as programs say it */
export function parameterOf(type: string, typed: string): unknown {
  if (type === "texts" || type === "files") return typed.split("\n").filter((line) => line !== "");
  if (["port", "count", "number"].includes(type) && typed !== "" && Number.isFinite(Number(typed)))
    return Number(typed);
  if (type === "boolean" && (typed === "true" || typed === "false")) return typed === "true";
  return typed;
}

/** As it is shown in a field. */
export function shownParameter(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value.join("\n");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
