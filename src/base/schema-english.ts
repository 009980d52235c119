/** Teaches zod's small form the sentences that its large one has: what is wrong with a value of a file. */
import * as z from 'zod/mini';
import english from 'zod/v4/locales/en.js';

z.config(english());
