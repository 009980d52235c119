/** How one family of programs calls a model's parameters. */
export interface NamingScheme {
  /** LayerNorm's epsilon in the models of that family; a file of weights does not have it. */
  readonly layerNormEps: number;
  /**
   * The published names of the parameters in the tensor that a file calls `name` (what training wrappers put before
   * it is gone); several have an equal share of its rows each, in this order. Names that the scheme does not know may
   * come back as they are.
   */
  parameters(name: string): readonly string[];
}

export type Renaming = readonly (readonly [pattern: RegExp, replacement: string])[];

/** All replacements, one after the other. */
export function rename(name: string, renaming: Renaming): string {
  return renaming.reduce((renamed, [pattern, replacement]) => renamed.replace(pattern, replacement), name);
}
