/** Teaches the English sentences of what can go wrong with a model: imported for that by whatever opens one. */
import { modelErrors } from '../locales/en/model-errors.ts';
import { learnSentences } from './errors.ts';

learnSentences(modelErrors);
