/** As much as we use of the package, which comes without types. */
declare module "negotiator" {
  export default class Negotiator {
    constructor(request: { readonly headers: Readonly<Record<string, string | undefined>> });
    mediaTypes(available?: readonly string[]): string[];
    languages(available?: readonly string[]): string[];
    encodings(available?: readonly string[], options?: { readonly preferred?: readonly string[] }): string[];
  }
}
