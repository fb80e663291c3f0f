/** A string that only its own constructor makes: an OrderId is not a ReturnId, though both are text. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name }
