/** Wireshark's display filters. */
export { type DisplayFilter, readFilter } from "./display-filter.ts";
export type { Facts } from "./facts.ts";
export { type Candidate, FieldTable } from "./fields.ts";
export type { FilterProblem, FilterProblemCode } from "./problem.ts";
