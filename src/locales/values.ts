/** What stands in sentences beside numbers and names: values for which every language has its own words. */

/** The parameters of a sentence that are texts as they are: names, addresses. */
export type Names<K extends string> = Readonly<Record<K, string>>;

/** The parameters of a sentence that are numbers. */
export type Counts<K extends string> = Readonly<Record<K, number>>;

/** A value in a file, as it is written there; of what is too large to show, the kind. */
export type Shown = { readonly written: string } | 'list' | 'object';

/** The first few of some names, and how many more there are. */
export interface Listed {
  readonly names: readonly string[];
  readonly more: number;
}

/** What is wrong with the bytes of a file that has arrived. */
export type Damage = 'sha256' | { readonly came: number; readonly expected: number };

/** What says which parameters a model should have: its config.json, or the shapes of its other tensors. */
export type AskedBy = 'config' | 'shapes';

/** The records of an HDF5 file. */
export type Hdf5Record = 'header' | 'tree' | 'heap';
