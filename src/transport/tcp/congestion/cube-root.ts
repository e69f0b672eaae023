/**
 * The cube root of a number that is not negative, by Newton's method. Math.cbrt may differ in its last bit from engine to
 * engine; this uses only what IEEE 754 rounds in one way, so that a trace is the same everywhere.
 */
export function cubeRoot(value: number): number {
  if (!(value > 0) || value === Number.POSITIVE_INFINITY) return value;
  let scale = 1;
  while (value > 8) {
    value /= 8;
    scale *= 2;
  }
  while (value < 1) {
    value *= 8;
    scale /= 2;
  }
  let root = 0.86 + 0.155 * value; // within 5 % from 1 to 8: four steps reach the last bit
  for (let step = 0; step < 5; step++) root = (2 * root + value / (root * root)) / 3;
  return root * scale;
}
