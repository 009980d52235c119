/** One expected tensor held against the computed one. */
export interface Comparison {
  readonly name: string;
  readonly shape: readonly number[];
  /** Largest absolute difference; infinite when a value is NaN or the shapes differ. */
  readonly difference: number;
  readonly passed: boolean;
  /** What is wrong besides the difference, such as another shape. */
  readonly remark?: string;
}

export interface Values {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
}

/** Masks and indices are equal or wrong; everything else may differ by rounding. */
const EXACT = new Set(['mask', 'ids_restore']);
const RELATIVE_TOLERANCE = 1e-4;

/** A value passes when it differs by at most `atol` + `rtol` · |expected|. */
export function compare(
  name: string,
  expected: Values,
  actual: Values | undefined,
  atol: number,
  rtol = RELATIVE_TOLERANCE,
): Comparison {
  const failed = (remark: string): Comparison => ({
    name,
    shape: expected.shape,
    difference: Number.POSITIVE_INFINITY,
    passed: false,
    remark,
  });
  if (actual === undefined) return failed('the model gave no such tensor');
  if (actual.shape.join() !== expected.shape.join() && !isOneNumber(name, expected.shape))
    return failed(`its shape is [${actual.shape}] and should be [${expected.shape}]`);
  let difference = 0;
  let passed = actual.data.length === expected.data.length;
  for (let i = 0; i < expected.data.length; i++) {
    const wanted = Number(expected.data[i]);
    const found = Number(actual.data[i]);
    const error = Math.abs(found - wanted);
    if (Number.isNaN(error)) return failed(`value ${i} is ${found} and should be ${wanted}`);
    difference = Math.max(difference, error);
    if (error > (EXACT.has(name) ? 0 : atol + rtol * Math.abs(wanted))) passed = false;
  }
  return { name, shape: expected.shape, difference, passed };
}

/** The loss is a number in PyTorch and a vector of one in TensorFlow. */
function isOneNumber(name: string, shape: readonly number[]): boolean {
  return name === 'loss' && shape.join() === '1';
}
