/** The programs of examples/programs, which the build puts there: see lab/program-examples.ts. */
declare module "netarium:program-examples" {
  export const EXAMPLES: readonly { readonly name: string; readonly source: string }[];
}
