import type { StoredTensor } from '../tensors/tensors.ts';

/** A parameter of the model that a file's tensor holds, alone or beside others. */
export interface Parameter {
  /** The published name. */
  readonly name: string;
  /**
   * Its values in the axes of the published parameter: the file's tensor itself, or a view of it (`tensors/views.ts`),
   * for nothing is copied. Throws `checkpoint-wrong-shape` where the tensor's shape does not allow that.
   */
  view(): StoredTensor;
}

/**
 * How one family of programs keeps a model's parameters: what it calls them, and in which axes they lie. A new one is
 * one file in this folder and one line in `schemes.ts`.
 */
export interface NamingScheme {
  /** LayerNorm's epsilon in the models of that family; a file of weights does not have it. */
  readonly layerNormEps: number;
  /**
   * The parameters in one of a file's tensors. Names that the scheme does not know may come back as they are.
   * @param name the tensor's, without what training wrappers put before it
   */
  parameters(name: string, tensor: StoredTensor): readonly Parameter[];
}

/** A tensor that is a parameter as it stands. */
export function asItStands(name: string, tensor: StoredTensor): readonly Parameter[] {
  return [{ name, view: () => tensor }];
}

export type Renaming = readonly (readonly [pattern: RegExp, replacement: string])[];

/** All replacements, one after the other. */
export function rename(name: string, renaming: Renaming): string {
  return renaming.reduce((renamed, [pattern, replacement]) => renamed.replace(pattern, replacement), name);
}
