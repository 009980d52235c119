/** For tests. */

/** A tensor's values by the definition of strides. */
export function valuesByStrides(
  memory: readonly number[],
  shape: readonly number[],
  strides: readonly number[],
): number[] {
  const values: number[] = [];
  const walk = (d: number, at: number): void => {
    if (d === shape.length) values.push(memory[at] as number);
    else for (let i = 0; i < (shape[d] as number); i++) walk(d + 1, at + i * (strides[d] as number));
  };
  walk(0, 0);
  return values;
}
