import { facebookresearch } from './facebookresearch.ts';
import { published } from './published.ts';
import type { NamingScheme } from './scheme.ts';
import { tensorflow } from './tensorflow.ts';
import { transformers5 } from './transformers5.ts';

/** The first of those that know most of a file's names is the file's. */
export const SCHEMES: readonly NamingScheme[] = [published, transformers5, facebookresearch, tensorflow];
