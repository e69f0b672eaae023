/** Things by the host names that they are for: `"example.test"`, `"*.example.test"` for all names under it, `"*"` for all. */
export class NameTable<Value> {
  readonly #exact = new Map<string, Value>();
  readonly #under = new Map<string, Value>();
  #all: Value | undefined;

  /** Of two for the same name the first counts. */
  add(names: readonly string[], value: Value): void {
    for (const name of names.map((each) => each.toLowerCase())) {
      if (name === "*") this.#all ??= value;
      else if (name.startsWith("*.")) this.#under.set(name.slice(1), this.#under.get(name.slice(1)) ?? value);
      else this.#exact.set(name, this.#exact.get(name) ?? value);
    }
  }

  /** What is for a name by itself, else for the longest part that names are under, else for all. @param name in lower case */
  find(name: string): Value | undefined {
    const found = this.#exact.get(name);
    if (found !== undefined) return found;
    for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
      const value = this.#under.get(name.slice(dot));
      if (value !== undefined && dot > 0) return value;
    }
    return this.#all;
  }
}
