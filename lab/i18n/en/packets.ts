export const packets = {} as const;
