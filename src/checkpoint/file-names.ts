/**
 * What the files of a model are called: the one place that knows, for the page's rooms as well as for this one. It
 * imports nothing, so that knowing a name does not bring along what reads the file. The formats themselves are in
 * `formats/`; their registry is held against these names by its type.
 */

/** Says how a model is built. */
export const CONFIG = 'config.json';
/** Says how its images are prepared. */
export const PREPROCESSOR = 'preprocessor_config.json';

/** What names say about a format. */
export interface FormatNames {
  /** What Hugging Face calls files of this format; of weights in parts, the index has the same name with INDEX. */
  readonly fileNames: readonly string[];
  /** In lower case; `#` stands for a number. */
  readonly extensions: readonly string[];
}

/** The formats that `formats/` reads, the preferred one first. */
export const WEIGHT_FORMATS = {
  safetensors: { fileNames: ['model.safetensors'], extensions: ['.safetensors'] },
  pytorch: {
    fileNames: ['pytorch_model.bin'],
    extensions: ['.bin', '.pth', '.pt', '.ckpt', '.pyth'],
  },
  hdf5: { fileNames: ['tf_model.h5'], extensions: ['.h5', '.hdf5'] },
} as const satisfies Readonly<Record<string, FormatNames>>;

/** Weights of other programs, which are known in order to be refused with advice. */
export const FOREIGN_FORMATS = {
  keras: ['.weights.h5', '.keras'],
  tensorflow: ['.index', '.meta', '.data-#-of-#'],
  flax: ['.msgpack'],
  numpy: ['.npy', '.npz'],
  gguf: ['.gguf', '.ggml'],
  onnx: ['.onnx', '.ort'],
  tflite: ['.tflite'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What weights are sometimes packed in, likewise. */
export const ARCHIVES = {
  zip: ['.zip'],
  tar: ['.tar'],
  gzip: ['.gz', '.tgz'],
  bzip2: ['.bz2'],
  xz: ['.xz'],
  zstandard: ['.zst'],
  sevenZip: ['.7z'],
  rar: ['.rar'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const INDEX = '.index.json';

const readExtensions = Object.values(WEIGHT_FORMATS).flatMap(({ extensions }) => extensions);
const WEIGHTS = endingWith(readExtensions);
/** Of each format, the preferred one first. */
const EXTENSIONS = Object.values(WEIGHT_FORMATS).map(({ extensions }) => endingWith(extensions));
const SHARD_INDEX = endingWith(readExtensions.map((extension) => extension + INDEX));
const FOREIGN_WEIGHTS = endingWith(Object.values(FOREIGN_FORMATS).flat());
const ARCHIVE = endingWith(Object.values(ARCHIVES).flat());

/** What a training program leaves beside the weights. */
const TRAINING_STATE =
  /^(?:training_args|optimizer|scheduler|scaler|rng_state.*|random_states.*)\.(?:bin|pth?|pkl)$/i;
/** Files that may lie in any folder. */
const OTHERS =
  /^\.|\.(?:json|jsonl|txt|md|ya?ml|py|ipynb|log|csv|png|jpe?g|gif|webp|svg|license)$|^license$/i;

/** Hugging Face's names for weights and for the indices of their shards; the first that is there counts. */
export const WEIGHT_NAMES: readonly string[] = Object.values(WEIGHT_FORMATS).flatMap(({ fileNames }) =>
  fileNames.flatMap((name) => [name, indexOf(name)]),
);

/** What a file picker offers for a model, as the `accept` of an input. */
export const ACCEPTED = ['.json', ...readExtensions].join(',');

/** Whether a file of this name holds weights that this page reads, as far as a name can say. */
export function isWeights(name: string): boolean {
  return WEIGHTS.test(name) && !isForeignWeights(name);
}

/** Whether it holds another program's weights. */
export function isForeignWeights(name: string): boolean {
  return FOREIGN_WEIGHTS.test(name);
}

/** Whether it is packed, whatever with. */
export function isArchive(name: string): boolean {
  return ARCHIVE.test(name);
}

/** Whether it never holds weights, and may lie beside them. */
export function liesBeside(name: string): boolean {
  return TRAINING_STATE.test(name) || OTHERS.test(name);
}

/** Which of a folder's files holds the weights, as far as names can say. */
export type NamedWeights =
  | { readonly kind: 'one'; readonly name: string }
  /** Two of which it is not clear how they belong together. */
  | { readonly kind: 'several'; readonly one: string; readonly other: string }
  /** Weights of other programs, or an archive. */
  | { readonly kind: 'foreign'; readonly name: string }
  | { readonly kind: 'none' };

/** Hugging Face's names first, then the only file of a format that is read, the preferred format first. */
export function weightsAmong(names: readonly string[]): NamedWeights {
  const known = WEIGHT_NAMES.find((name) => names.includes(name));
  if (known !== undefined) return { kind: 'one', name: known };
  const candidates = names.filter((name) => !liesBeside(name));
  for (const extension of EXTENSIONS) {
    const [one, other] = candidates.filter((name) => extension.test(name) && !isForeignWeights(name));
    if (one !== undefined && other !== undefined) return { kind: 'several', one, other };
    if (one !== undefined) return { kind: 'one', name: one };
  }
  const foreign = candidates.find((name) => isForeignWeights(name) || isArchive(name));
  return foreign === undefined ? { kind: 'none' } : { kind: 'foreign', name: foreign };
}

/** Whether it says which shard holds which tensor. */
export function isIndex(name: string): boolean {
  return SHARD_INDEX.test(name);
}

/** model.safetensors → model.safetensors.index.json */
export function indexOf(weights: string): string {
  return weights + INDEX;
}

/** model.safetensors.index.json → .safetensors, which all its shards end with. */
export function extensionOfShards(index: string): string {
  const [extension = ''] = /\.[^.]+$/.exec(index.slice(0, -INDEX.length)) ?? [];
  return extension;
}

/** A config, or an index. */
export function isJson(name: string): boolean {
  return /\.json$/i.test(name);
}

/** mae_visualize_vit_base.pth → mae_visualize_vit_base */
export function withoutExtension(weights: string): string {
  return weights.replace(WEIGHTS, '');
}

/** The last part of an address's path, without escapes; empty for a folder's address. */
export function fileName(url: string): string {
  const { pathname } = new URL(url);
  const name = pathname.slice(pathname.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** @param extensions as in `FormatNames` */
export function endingWith(extensions: readonly string[]): RegExp {
  const patterns = extensions.map((extension) =>
    extension.replaceAll(/[.*+?^$()[\]{}|\\]/g, '\\$&').replaceAll('#', '\\d+'),
  );
  return new RegExp(`(?:${patterns.join('|')})$`, 'i');
}
