import { type ErrorKey, type ErrorParams, LensError } from '../../base/errors.ts';

/** The sentences that say which file they are about. */
type FileErrorKey = {
  [K in ErrorKey]: ErrorParams<K> extends { readonly file: string } ? K : never;
}[ErrorKey];

type OtherParams<K extends FileErrorKey> = Omit<ErrorParams<K>, 'file'>;

/** Makes an error about one file; which one, it adds by itself. */
export type Refuse = <K extends FileErrorKey>(
  key: K,
  ...rest: keyof OtherParams<K> extends never ? [] : [params: OtherParams<K>]
) => LensError;

/** @param file its name, for people */
export function refusalOf(file: string): Refuse {
  // The type of `Refuse` has held the other parameters against the key.
  return (key, ...[params]) => new LensError(key, { ...params, file } as never);
}
