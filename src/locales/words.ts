import type { errors } from './en/errors.ts';
import type { en } from './en.ts';

/** What a language has to say: sentences where English has sentences, functions of the same parameters elsewhere. */
export type Widened<T> = T extends string
  ? string
  : T extends (...params: infer P) => infer R
    ? (...params: P) => Widened<R>
    : T extends number | boolean
      ? T
      : { readonly [K in keyof T]: Widened<T[K]> };

/** All words of a language. */
export type Words = Widened<typeof en>;

/** The sentences of errors, apart from the rest: most of them are loaded when they may be needed. */
export type ErrorWords = Widened<typeof errors>;
