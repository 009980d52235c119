import { type Reason, reasonText } from '../../src/base/reason.ts';
import { en } from '../../src/locales/en.ts';

/** Why a model runs on another device, or in another dtype. */
export function inEnglish(reason: Reason | undefined): string | undefined {
  return reason === undefined ? undefined : reasonText(reason, en);
}
