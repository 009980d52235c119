/** From a checkpoint tensor's values to the bytes that a graph expects of it. */
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { float32ToFloat16 } from '../checkpoint/halves.ts';
import type { Columns, WeightPlacement, WeightType } from '../graph/builder.ts';

/** int8 is used from -127 to 127, so that it is symmetric. */
const INT8_MAX = 127;

/** Reads a tensor into its file, in the form that the graph expects. Rejects as `readFloat32` does. */
export type ReadWeight = (placement: WeightPlacement, file: Uint8Array<ArrayBuffer>) => Promise<void>;

/**
 * For tensors that are read one after another. They share one array of values: many large ones would pile up faster
 * than browsers collect them.
 */
export function weightReader(weights: Pick<Checkpoint, 'readFloat32'>): ReadWeight {
  let shared = new Float32Array(0);
  return async (placement, file) => {
    const { tensor, elements, offset, form } = placement;
    if (form.kind === 'plain' && form.type === 'float32') {
      await weights.readFloat32(tensor, new Float32Array(file.buffer, file.byteOffset + offset, elements));
      return;
    }
    if (shared.length < elements) shared = new Float32Array(elements);
    const values = shared.subarray(0, elements);
    await weights.readFloat32(tensor, values);
    packWeight(placement, values, file);
  };
}

/**
 * Writes a tensor into its file, in the form that the graph expects.
 * @param values the whole tensor, as the checkpoint has it; used up, because narrower numbers are made in its memory
 * @param file from its first byte on
 */
export function packWeight(
  { form, offset }: Pick<WeightPlacement, 'form' | 'offset'>,
  values: Float32Array,
  file: Uint8Array<ArrayBuffer>,
): void {
  const at = file.byteOffset + offset;
  switch (form.kind) {
    case 'plain':
      store(form.type, values, file.buffer, at);
      return;
    case 'columns':
      transpose(form.type, values, form, file.buffer, at);
      return;
    case 'int8-columns': {
      const into = new Int8Array(file.buffer, at);
      const scales = new Float32Array(file.buffer, file.byteOffset + form.scalesOffset, form.columns);
      quantize(values, form, into, scales);
    }
  }
}

function store(type: WeightType, values: Float32Array, buffer: ArrayBuffer, at: number): void {
  if (type === 'float32') new Float32Array(buffer, at, values.length).set(values);
  else float32ToFloat16(values, new Uint16Array(buffer, at, values.length));
}

function transpose(
  type: WeightType,
  values: Float32Array,
  { out, columns, first }: Columns,
  buffer: ArrayBuffer,
  at: number,
): void {
  const inWidth = values.length / out;
  if (type === 'float32') {
    const into = new Float32Array(buffer, at, inWidth * columns);
    scatterColumns(values, into, out, inWidth, columns, first);
    return;
  }
  // Each lies before the value that it is made from, or in its place.
  const halves = new Uint16Array(values.buffer, values.byteOffset, values.length);
  float32ToFloat16(values, halves);
  scatterColumns(halves, new Uint16Array(buffer, at, inWidth * columns), out, inWidth, columns, first);
}

/** Side of the squares in which a matrix is transposed, so that both sides of the copy stay in the cache. */
const BLOCK = 32;

function scatterColumns(
  from: Float32Array | Uint16Array | Int8Array,
  into: Float32Array | Uint16Array | Int8Array,
  out: number,
  inWidth: number,
  columns: number,
  first: number,
): void {
  for (let o = 0; o < out; o += BLOCK) {
    for (let i = 0; i < inWidth; i += BLOCK) {
      const lastO = Math.min(o + BLOCK, out);
      const lastI = Math.min(i + BLOCK, inWidth);
      for (let row = o; row < lastO; row++)
        for (let column = i; column < lastI; column++)
          into[column * columns + first + row] = from[row * inWidth + column] as number;
    }
  }
}

/**
 * Symmetric rounding to int8 with a scale for each output: w ≈ scale · q, scale = max |w| / 127.
 * @param values [out, in]
 * @param into [in, columns]
 * @param scales [columns]
 */
function quantize(
  values: Float32Array,
  { out, columns, first }: Columns,
  into: Int8Array,
  scales: Float32Array,
): void {
  const inWidth = values.length / out;
  // As the halves above.
  const rounded = new Int8Array(values.buffer, values.byteOffset, values.length);
  for (let row = 0; row < out; row++) {
    const start = row * inWidth;
    let largest = 0;
    for (let i = start; i < start + inWidth; i++) largest = Math.max(largest, Math.abs(values[i] as number));
    const scale = largest / INT8_MAX;
    scales[first + row] = scale;
    if (scale === 0) {
      rounded.fill(0, start, start + inWidth);
      continue;
    }
    for (let i = start; i < start + inWidth; i++) rounded[i] = Math.round((values[i] as number) / scale);
  }
  scatterColumns(rounded, into, out, inWidth, columns, first);
}
