/** Arguments of the library's calls: what is not one is named, with what would have been. */
import { LensError } from '../base/errors.ts';
import { brief } from '../checkpoint/bytes/words.ts';

/** @throws LensError `argument-invalid` when there is a key beside the known ones */
export function refuseUnknown(to: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (!known.includes(name))
      throw new LensError('argument-invalid/unknown', { to, name: name.slice(0, 80), known });
  }
}

/** @throws LensError `argument-invalid` when a value is given that is none of the choices */
export function refuseOthers(name: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value as string)) return;
  throw new LensError('argument-invalid/choice', { name, value: brief(value), choices });
}

/** @throws LensError `argument-invalid` when something else than true or false is given */
export function refuseNoBoolean(name: string, value: unknown): void {
  if (value === undefined || value === null || typeof value === 'boolean') return;
  throw new LensError('argument-invalid/type', { name, value: brief(value), wanted: 'true or false' });
}
