/** Random weights, for a model that begins with nothing but its config. */
import { type Checkpoint, makeCheckpoint, type Part, type TensorEntry } from '../checkpoint/checkpoint.ts';
import { expectedTensors, stackOf } from '../checkpoint/names/parameters.ts';
import { valueCount } from '../checkpoint/tensors/strided.ts';
import type { ViTMAEConfig as ModelConfig } from '../mae/config.ts';
import { torchRand } from '../mae/random.ts';

/** Large and odd, so that seeds of neighbouring tensors and of neighbouring models have nothing in common. */
const STEP = 0x9e3779b1;

/**
 * A checkpoint whose weights are drawn when they are read: linear and convolution weights, CLS and mask token normal
 * with deviation `initializer_range`, biases 0, layer norms 1 and 0, positions sin-cos. Every tensor has a stream of
 * its own, so the order of reading does not matter.
 * @param seed an integer from -2^63 to 2^64 - 1; the low 32 bits count
 * @param part `encoder` without the decoder; the encoder's weights are the same
 * @throws LensError `seed-invalid`
 */
export function randomCheckpoint(config: ModelConfig, seed: number | bigint, part: Part): Checkpoint {
  // Says at once what is wrong with a seed.
  torchRand(seed, 0);
  const shapes = expectedTensors(config);
  const names = [...shapes.keys()];
  const entries = new Map<string, TensorEntry>(
    names
      .filter((name) => part === 'all' || stackOf(name) === 'encoder')
      .map((name) => [name, { name, shape: shapes.get(name) ?? [], stored: null }]),
  );
  const positions = makeCheckpoint(config, undefined, entries, { part });
  const fill = (name: string, into: Float32Array, offset = 0): void => {
    const shape = shapes.get(name);
    if (shape === undefined) throw new RangeError(`the model has no tensor "${name}"`);
    const values = into.subarray(offset, offset + valueCount(shape));
    if (name.endsWith('.bias')) values.fill(0);
    else if (/layernorm|decoder_norm/.test(name)) values.fill(1);
    else fillNormal(values, config.initializer_range, streamOf(seed, names.indexOf(name)));
  };
  const isPosition = (name: string) => /position_embeddings|pos_embed/.test(name);
  return {
    ...positions,
    bytes: 4 * positions.parameters,
    async readFloat32(name, into, offset) {
      if (isPosition(name)) await positions.readFloat32(name, into, offset);
      else fill(name, into, offset);
    },
    async syncReader() {
      const readPositions = await positions.syncReader();
      return (name, into) => (isPosition(name) ? readPositions(name, into) : fill(name, into));
    },
  };
}

function streamOf(seed: number | bigint, index: number): bigint {
  return BigInt.asUintN(32, BigInt(seed) + BigInt(STEP) * BigInt(index + 1));
}

/** Box and Muller, two values from two uniform ones. */
function fillNormal(values: Float32Array, deviation: number, seed: bigint): void {
  const uniform = torchRand(seed, values.length + (values.length % 2));
  for (let i = 0; i < values.length; i += 2) {
    // From (0, 1], whose logarithm is finite.
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - (uniform[i] as number)));
    const angle = 2 * Math.PI * (uniform[i + 1] as number);
    values[i] = radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
  }
}
