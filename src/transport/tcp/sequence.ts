/**
 * Sequence numbers modulo 2^32 (RFC 9293 §3.4) as signed 32-bit numbers: the difference of two, cut to 32 bits, is
 * negative when the first comes before the second.
 */

export const add = (sequence: number, count: number): number => (sequence + count) | 0;
/** How far `a` lies after `b`; negative when it comes before. */
export const distance = (a: number, b: number): number => (a - b) | 0;
export const isBefore = (a: number, b: number): boolean => ((a - b) | 0) < 0;
export const isAtOrBefore = (a: number, b: number): boolean => ((a - b) | 0) <= 0;
export const isAfter = (a: number, b: number): boolean => ((a - b) | 0) > 0;
export const isAtOrAfter = (a: number, b: number): boolean => ((a - b) | 0) >= 0;
/** The later of two. */
export const later = (a: number, b: number): number => (((a - b) | 0) > 0 ? a : b);
