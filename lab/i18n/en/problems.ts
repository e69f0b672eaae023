/** Why something could not be done, by the engine's codes; what has no text here is shown in the engine's English. */
export const problems = {
  "port-in-use": "port {port} of {address} is used by another program",
  "port-not-allowed": "this user may not open port {port} of {address}",
  "no-outside": "nothing can come in from outside here",
  disconnected: "the engine cannot be reached now",
} as const;
