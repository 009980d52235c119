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
