import type { ViTMAEConfig } from '../mae/config.ts';
import { geometryOf } from '../mae/geometry.ts';
import { sincosPositions } from '../mae/position.ts';
import { type ByteSource, memorySource } from './bytes/bytes.ts';
import { valueCount } from './tensors/strided.ts';
import { readFloat32, readFloat32Sync, type StoredTensor, storedBytes } from './tensors/tensors.ts';

/** A parameter of the model. */
export interface TensorEntry {
  /** As in the published Hugging Face checkpoints, whatever the file calls it. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Where the file has it; null for position embeddings that the file lacks, which are computed. */
  readonly stored: StoredTensor | null;
}

/** What a model is opened for: to paint, or for its features alone, which takes no decoder. */
export type Part = 'all' | 'encoder';

/** The library whose numbers a checkpoint's model gives: TFViTMAE differs from ViTMAE in its loss. */
export type Framework = 'pt' | 'tf';

/** A checkpoint that is complete for its config: every parameter is there, in the shape that the model needs. */
export interface Checkpoint {
  readonly config: ViTMAEConfig;
  /** `encoder` where it was opened for that alone: then it has no parameters of the decoder. */
  readonly part: Part;
  /** Which library saved it. */
  readonly framework: Framework;
  /** config.json as it was read, with what is not of the model itself; undefined where there is none. */
  readonly configJson?: unknown;
  /** preprocessor_config.json as it was read; undefined where there is none. */
  readonly preprocessorConfig: unknown;
  /** Every parameter of the model by its published name, and nothing else, in the model's order. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Number of values over all tensors, position embeddings included. */
  readonly parameters: number;
  /** Size of these tensors as stored, in bytes. */
  readonly bytes: number;
  /** For people: what was assumed about the model, where there is no config.json. */
  readonly assumptions?: string;
  /**
   * Reads the tensor called `name` as float32 into `into`, from index `offset` (in values) on. Reads in pieces of
   * at most 4 MiB.
   * Rejects with a LensError when the file cannot be read, and with a RangeError for an unknown name or when
   * `into` is too small.
   */
  readFloat32(name: string, into: Float32Array, offset?: number): Promise<void>;
  /**
   * A reader that never waits, for where code that cannot wait asks for weights. In a worker it reads the files where
   * they lie; elsewhere they are read whole first.
   */
  syncReader(): Promise<ReadTensor>;
}

/** Reads a whole tensor as float32 to the beginning of `into`. Throws what `Checkpoint.readFloat32` rejects with. */
export type ReadTensor = (name: string, into: Float32Array) => void;

/** Joins what was read into a checkpoint; `tensors` are what `matchTensors` gives for `config`. */
export function makeCheckpoint(
  config: ViTMAEConfig,
  preprocessorConfig: unknown,
  tensors: ReadonlyMap<string, TensorEntry>,
  { part = 'all', framework = 'pt' }: Partial<Pick<Checkpoint, 'part' | 'framework'>> = {},
): Checkpoint {
  let parameters = 0;
  let bytes = 0;
  for (const { shape, stored } of tensors.values()) {
    parameters += valueCount(shape);
    if (stored !== null) bytes += storedBytes(stored);
  }
  const entryOf = (name: string) => {
    const entry = tensors.get(name);
    if (entry === undefined) throw new RangeError(`the model has no tensor "${name}"`);
    return entry;
  };
  const computed = ([, , width = 0]: readonly number[]) => sincosPositions(width, geometryOf(config).grid);
  return {
    config,
    part,
    framework,
    preprocessorConfig,
    tensors,
    parameters,
    bytes,
    async readFloat32(name, into, offset = 0) {
      const { stored, shape } = entryOf(name);
      if (stored !== null) await readFloat32(stored, into, offset);
      else into.set(computed(shape), offset);
    },
    async syncReader() {
      const stored = [...tensors.values()].flatMap(({ stored }) => stored?.source ?? []);
      const sources = new Map<ByteSource, ByteSource>();
      for (const source of new Set(stored)) sources.set(source, await withSync(source));
      return (name, into) => {
        const { stored, shape } = entryOf(name);
        if (stored === null) into.set(computed(shape));
        else readFloat32Sync({ ...stored, source: sources.get(stored.source) ?? stored.source }, into);
      };
    },
  };
}

async function withSync(source: ByteSource): Promise<ByteSource> {
  if (source.readSync !== undefined) return source;
  return memorySource(source.name, await source.read(0, source.size));
}
