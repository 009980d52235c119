/** `demo` is the bundled model; `base` has the size of facebook/vit-mae-base, and weights from a recipe. */
export const MODEL_NAMES = ['demo', 'base'] as const;
export type ModelName = (typeof MODEL_NAMES)[number];
