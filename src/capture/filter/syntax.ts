import type { FieldDefinition } from "../dissect/field.ts";
import type { Comparison } from "./lexer.ts";
import type { Place } from "./problem.ts";

/** What has a value, or several: a field stands in a frame as often as it likes. */
export type Operand = Place &
  (
    | { readonly kind: "field"; readonly name: string; readonly definitions: readonly FieldDefinition[] }
    | { readonly kind: "literal"; readonly text: string; readonly form: "word" | "string" | "character" }
    | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Operand[] }
    | { readonly kind: "slice"; readonly of: Operand; readonly ranges: readonly SliceRange[] }
    | {
        readonly kind: "arithmetic";
        readonly operator: ArithmeticOperator;
        readonly left: Operand;
        readonly right: Operand;
      }
  );

export type ArithmeticOperator = "&" | "+" | "-" | "*" | "/" | "%";

/** Octets from `from`, counted from the end when it is negative, to `to` (not included) or for a `length`, or to the end. */
export interface SliceRange {
  readonly from: number;
  readonly to?: number;
  readonly length?: number;
}

export type Quantifier = "any" | "all" | undefined;

/** What is true of a frame or not. */
export type Condition =
  | { readonly kind: "and" | "or" | "xor"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "present"; readonly operand: Operand }
  | {
      readonly kind: "compare";
      readonly quantifier: Quantifier;
      readonly operator: Comparison;
      readonly sign: Place;
      readonly left: Operand;
      readonly right: Operand;
    }
  | {
      readonly kind: "member";
      readonly quantifier: Quantifier;
      readonly left: Operand;
      readonly elements: readonly { readonly from: Operand; readonly to?: Operand }[];
    };
