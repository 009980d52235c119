/** What a model computes in, for people. The code has transformers.js' short names. */
export const dtypes = { fp32: 'float32', fp16: 'float16', q8: 'int8' };
