/** A code with its parameters, and the same in English for those who have no text for the code. */
export interface Problem {
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly text: string;
}
