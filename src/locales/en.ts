/**
 * Every word of the interface, in English. The type of every other language is `typeof en`: a key that is missing or
 * too many does not compile. An entry is a sentence, or a function of what stands in it. One file of `en/` for each
 * part of the interface; the errors apart from the rest, so that workers carry no other words.
 */
import { dtypes } from './en/dtypes.ts';
import { errors } from './en/errors.ts';
import { format } from './en/format.ts';
import { notices } from './en/notices.ts';
import { reasons } from './en/reasons.ts';

export const en = { format, dtypes, errors, notices, reasons };
