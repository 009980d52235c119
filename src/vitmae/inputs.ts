/** What the models are called with, checked. */
import { LensError } from '../base/errors.ts';
import { brief } from '../checkpoint/bytes/words.ts';
import { type Geometry, imageHeight, imageWidth, patchCount } from '../mae/geometry.ts';
import { type Masking, randomMasking } from '../mae/masking.ts';
import { numpyUniform, torchRand } from '../mae/random.ts';
import { refuseNoBoolean, refuseUnknown } from './arguments.ts';

/** A tensor of this library, of transformers.js or of onnxruntime, with its values in memory. */
export interface TensorLike {
  readonly type: string;
  readonly dims: readonly number[];
  // Types differ between the libraries; what is read is checked.
  readonly data: unknown;
}

/** Draws the noise as Python would. */
export interface Generator {
  /** An integer: for "torch" from -2^63 to 2^64 - 1, for "numpy" from 0 to 2^32 - 1. */
  readonly seed: number | bigint;
  /**
   * "torch": `torch.manual_seed(seed); torch.rand(B, L)`. "numpy": `np.random.seed(seed);
   * np.random.uniform(size=(B, L))`. "torch" where absent.
   */
  readonly library?: 'torch' | 'numpy';
}

export interface ViTMAEInputs {
  /** [B, C, H, W] float32, normalised as an image processor does it. */
  readonly pixel_values: TensorLike;
  /** [B, L] float32 or float64: the patches of the smallest values are kept. Random where absent. */
  readonly noise?: TensorLike | null;
  /** [heads] or [layers, heads] float32, from 0 (without that head) to 1 (with it): multiplies attention probabilities. */
  readonly head_mask?: TensorLike | null;
  /** The config's where absent. */
  readonly output_attentions?: boolean | null;
  /** The config's where absent. */
  readonly output_hidden_states?: boolean | null;
  /**
   * For images of another size than the config's, each side a multiple of the patch's. `true` interpolates position
   * embeddings as the reference does: the encoder's in two dimensions, the decoder's in one. "2d" interpolates both
   * in two dimensions, which is better for images of more or fewer rows, and no one else's.
   */
  readonly interpolate_pos_encoding?: boolean | '2d' | null;
  /** false for a tuple; the config's where absent. */
  readonly return_dict?: boolean | null;
  /** Draws `noise` from a seed. An extension: in Python the generator is global. */
  readonly generator?: Generator | null;
}

const INPUT_NAMES = [
  'pixel_values',
  'noise',
  'head_mask',
  'output_attentions',
  'output_hidden_states',
  'interpolate_pos_encoding',
  'return_dict',
  'generator',
] as const;

/** What transformers.js' processors give beside pixel_values; it does not concern these models. */
const BESIDE_PIXELS = ['original_sizes', 'reshaped_input_sizes'];

/**
 * @param to the model's name
 * @param more arguments beside those of every model
 * @throws LensError `argument-invalid`
 */
export function checkNames(to: string, inputs: unknown, more: readonly string[] = []): void {
  if (typeof inputs !== 'object' || inputs === null)
    throw new LensError('argument-invalid/missing', { to, name: 'pixel_values' });
  const known = [...INPUT_NAMES, ...more];
  const given = Object.fromEntries(Object.entries(inputs).filter(([name]) => !BESIDE_PIXELS.includes(name)));
  refuseUnknown(to, given, known);
  const { pixel_values, output_attentions, output_hidden_states, return_dict } = given;
  if (!isTensor(pixel_values)) {
    if (pixel_values === undefined || pixel_values === null)
      throw new LensError('argument-invalid/missing', { to, name: 'pixel_values' });
    throw noTensor('pixel_values', pixel_values);
  }
  refuseNoBoolean('output_attentions', output_attentions);
  refuseNoBoolean('output_hidden_states', output_hidden_states);
  refuseNoBoolean('return_dict', return_dict);
}

/**
 * The image's patches, as the model cuts them.
 * @param own the config's geometry
 * @param interpolate whether another size than the config's is welcome
 * @returns the geometry of these images, the batch, and the pixels
 * @throws LensError `argument-invalid`, `image-unsupported`
 */
export function imagesOf(
  pixelValues: TensorLike,
  own: Geometry,
  interpolate: boolean,
): { readonly geometry: Geometry; readonly batch: number; readonly pixels: Float32Array } {
  const [batch, channels, height, width] = pixelValues.dims;
  const wanted = [own.channels, imageHeight(own), imageWidth(own)];
  const size = interpolate ? `${own.channels}, height, width` : wanted.join(', ');
  if (
    pixelValues.dims.length !== 4 ||
    batch === undefined ||
    batch < 1 ||
    channels !== own.channels ||
    height === undefined ||
    width === undefined ||
    (!interpolate && (height !== wanted[1] || width !== wanted[2]))
  )
    throw wrongTensor('pixel_values', pixelValues, `float32 [batch, ${size}]`);
  const { patchSize } = own;
  if (height < patchSize || width < patchSize || height % patchSize !== 0 || width % patchSize !== 0)
    throw new LensError('argument-invalid/patch-multiple', { height, width, patch: patchSize });
  const pixels = float32Of('pixel_values', pixelValues, `float32 [batch, ${size}]`);
  const grid = { rows: height / patchSize, columns: width / patchSize };
  return { geometry: { ...own, grid }, batch, pixels };
}

/**
 * A mask for each image: by its noise, else by the generator's, else by chance.
 * @throws LensError `argument-invalid`, `mask-invalid`, `seed-invalid`
 */
export function masksOf(
  { noise, generator }: Pick<ViTMAEInputs, 'noise' | 'generator'>,
  batch: number,
  { grid }: Geometry,
  ratio: number,
): Masking[] {
  const length = patchCount(grid);
  const values = noiseOf(noise ?? null, generator ?? null, batch, length);
  return Array.from({ length: batch }, (_, b) =>
    randomMasking(values.subarray(b * length, (b + 1) * length), ratio),
  );
}

function noiseOf(
  noise: TensorLike | null,
  generator: Generator | null,
  batch: number,
  length: number,
): Float32Array | Float64Array {
  if (noise !== null) {
    if (!isTensor(noise)) throw noTensor('noise', noise);
    const { data, dims } = noise;
    const isFloat = data instanceof Float32Array || data instanceof Float64Array;
    if (
      !isFloat ||
      dims.length !== 2 ||
      dims[0] !== batch ||
      dims[1] !== length ||
      data.length !== batch * length
    )
      throw new LensError('mask-invalid/noise', { batch, length });
    return data;
  }
  if (generator === null) return Float64Array.from({ length: batch * length }, Math.random);
  refuseUnknown('generator', generator, ['seed', 'library']);
  const { seed, library = 'torch' } = generator;
  if (typeof seed !== 'number' && typeof seed !== 'bigint')
    throw new LensError('argument-invalid/type', { name: 'seed', value: brief(seed), wanted: 'an integer' });
  if (library === 'torch') return torchRand(seed, batch * length);
  if (library === 'numpy') return numpyUniform(Number(seed), batch * length);
  throw new LensError('argument-invalid/choice', {
    name: 'library',
    value: brief(library),
    choices: ['"torch"', '"numpy"'],
  });
}

/**
 * [layers, heads], whatever of both forms was given.
 * @throws LensError `mask-invalid`, `argument-invalid`
 */
export function headMaskOf(name: string, headMask: TensorLike, layers: number, heads: number): Float32Array {
  if (!isTensor(headMask)) throw noTensor(name, headMask);
  const values = headMask.data;
  const dims = headMask.dims.join();
  if (!(values instanceof Float32Array) || (dims !== `${heads}` && dims !== `${layers},${heads}`))
    throw new LensError('mask-invalid/head-mask', { layers, heads });
  for (const value of values)
    if (!(value >= 0 && value <= 1)) throw new LensError('argument-invalid/head-mask-range', { name, value });
  return Float32Array.from({ length: layers * heads }, (_, i) => values[i % values.length] as number);
}

/** @throws LensError `argument-invalid` where the values are not float32, or not as many as the shape says */
export function float32Of(name: string, tensor: TensorLike, wanted: string): Float32Array {
  if (!isTensor(tensor)) throw noTensor(name, tensor);
  const { data, dims } = tensor;
  const count = dims.reduce((product, size) => product * size, 1);
  if (data instanceof Float32Array && data.length === count) return data;
  throw wrongTensor(name, tensor, wanted);
}

export function wrongTensor(name: string, { type, dims }: TensorLike, wanted: string): LensError {
  return new LensError('argument-invalid/tensor', { name, type, shape: dims, wanted });
}

function isTensor(value: unknown): value is TensorLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    'dims' in value &&
    Array.isArray(value.dims) &&
    'type' in value &&
    'data' in value
  );
}

function noTensor(name: string, value: unknown): LensError {
  return new LensError('argument-invalid/type', { name, value: brief(value), wanted: 'a Tensor' });
}
