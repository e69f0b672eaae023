/** A number that the compiler does not let pass for another kind of number. It costs nothing at run time. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
