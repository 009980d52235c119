/** Teaches every error its English sentence: imported for that by whatever tells errors and is not loaded first. */
import { errors } from '../locales/en/errors.ts';
import { learnSentences } from './errors.ts';

learnSentences(errors);
