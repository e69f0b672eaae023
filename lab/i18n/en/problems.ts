/** Why something could not be done, by the engine's codes; what has no text here is shown in the engine's English. */
export const problems = {
  "port-in-use": "The port is already in use by another program",
} as const;
