/**
 * A checkpoint whose weights are not stored but drawn: `recipe.json` beside `config.json`, as
 * tools/reference/README.md defines it. Python and TypeScript draw the same float32 values.
 */
import { z } from 'zod';
import type { Checkpoint } from '../../src/checkpoint/checkpoint.ts';
import { parseConfig } from '../../src/mae/config.ts';
import { torchRand } from '../../src/mae/random.ts';

const recipeSchema = z.object({
  seed: z.number().int(),
  tensors: z.array(
    z.object({
      name: z.string(),
      shape: z.array(z.number().int()),
      center: z.number(),
      scale: z.number(),
      first: z.number(),
    }),
  ),
});

/** @throws Error when the drawn values are not the recipe's */
export function checkpointFromRecipe(configJson: unknown, recipeJson: unknown): Checkpoint {
  const { seed, tensors } = recipeSchema.parse(recipeJson);
  const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
  const parameters = tensors.reduce((sum, { shape }) => sum + count(shape), 0);
  const draws = torchRand(seed, parameters);
  const values = new Map<string, Float32Array>();
  let offset = 0;
  for (const { name, shape, center, scale, first } of tensors) {
    const tensor = draws.subarray(offset, offset + count(shape));
    for (let i = 0; i < tensor.length; i++)
      tensor[i] = Math.fround(center + Math.fround(scale * (2 * (tensor[i] as number) - 1)));
    if (tensor[0] !== Math.fround(first))
      throw new Error(`The recipe's ${name} begins with ${first}, but ${tensor[0]} was drawn.`);
    values.set(name, tensor);
    offset += tensor.length;
  }
  const read = (name: string, into: Float32Array, at = 0) => {
    const tensor = values.get(name);
    if (tensor === undefined) throw new RangeError(`the recipe has no ${name}`);
    into.set(tensor, at);
  };
  return {
    config: parseConfig(configJson),
    part: 'all',
    framework: 'pt',
    preprocessorConfig: undefined,
    tensors: new Map(tensors.map(({ name, shape }) => [name, { name, shape, stored: null }])),
    parameters,
    bytes: parameters * 4,
    readFloat32: async (name, into, at) => read(name, into, at),
    syncReader: async () => read,
  };
}
