/**
 * Every word of the interface, in English. The type of every other language is `typeof en`: a key that is missing or
 * too many does not compile. An entry is a sentence, or a function of what stands in it. One file of `en/` for each
 * part of the interface; the errors apart from the rest, so that workers carry no other words.
 */
import { assumptions, downloadNotices } from './en/checkpoint-notices.ts';
import { errors } from './en/errors.ts';
import { format } from './en/format.ts';

export const en = { format, errors, downloadNotices, assumptions };
