import { formatFor } from '../format.ts';

export const format = formatFor('en', { one: '# byte', other: '# bytes' });
