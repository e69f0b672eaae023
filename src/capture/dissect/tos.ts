/** Code points of the Differentiated Services field (RFC 2474, 2597, 3246, 5865, 8622), in full and in short. */
function codePoints(classSelector: string, forwarding: string, others: readonly string[]): Record<number, string> {
  const texts: Record<number, string> = {
    0: others[0] ?? "",
    1: others[1] ?? "",
    44: others[2] ?? "",
    46: others[3] ?? "",
  };
  for (let selector = 1; selector <= 7; selector++) texts[selector * 8] = classSelector + selector;
  for (let group = 1; group <= 4; group++) {
    for (let drop = 1; drop <= 3; drop++) texts[group * 8 + drop * 2] = `${forwarding}${group}${drop}`;
  }
  return texts;
}

export const DSCP_FULL: Readonly<Record<number, string>> = codePoints("Class Selector ", "Assured Forwarding ", [
  "Default",
  "Lower Effort",
  "Voice Admit",
  "Expedited Forwarding",
]);
export const DSCP_SHORT: Readonly<Record<number, string>> = codePoints("CS", "AF", [
  "CS0",
  "LE",
  "VOICE-ADMIT",
  "EF PHB",
]);

/** Explicit Congestion Notification (RFC 3168 §5). */
export const ECN_FULL = {
  0: "Not ECN-Capable Transport",
  1: "ECN-Capable Transport codepoint '01'",
  2: "ECN-Capable Transport codepoint '10'",
  3: "Congestion Experienced",
};
export const ECN_SHORT: Readonly<Record<number, string>> = { 0: "Not-ECT", 1: "ECT(1)", 2: "ECT(0)", 3: "CE" };
