/** Masks and what they are drawn from. */
export interface Patch {
  readonly patch: number;
}

export interface Seed {
  readonly seed: number | bigint;
}

const seedRule = (seed: number | bigint, rule: string) => `The seed ${seed} cannot be used: ${rule}.`;

export const maskErrors = {
  'mask-invalid/block-noise': ({ value }: { readonly value: number | undefined }) =>
    `Blocks are placed by noise from 0 up to 1, not by ${value}.`,
  'mask-invalid/head-mask': ({ layers, heads }: { readonly layers: number; readonly heads: number }) =>
    `head_mask must be [${heads}] or [${layers}, ${heads}] of float32.`,
  'mask-invalid/no-such-patch': ({ patch, patches }: Patch & { readonly patches: number }) =>
    `There is no patch ${patch}: the image has ${patches}, counted from 0.`,
  'mask-invalid/noise': ({ batch, length }: { readonly batch: number; readonly length: number }) =>
    `noise must be [${batch}, ${length}] of float32 or float64.`,
  'mask-invalid/noise-without-order': ({ patch }: Patch) =>
    `The noise of patch ${patch} is not a number, so patches have no order.`,
  'mask-invalid/patch-twice': ({ patch }: Patch) => `Patch ${patch} is listed twice among the visible ones.`,
  'mask-invalid/ratio': ({ ratio }: { readonly ratio: number }) =>
    `The mask ratio ${ratio} cannot be used: it must be from 0 to 1.`,

  'seed-invalid/numpy': ({ seed }: Seed) =>
    seedRule(seed, 'NumPy takes whole numbers from 0 to 4294967295 (2^32 - 1)'),
  'seed-invalid/torch': ({ seed }: Seed) =>
    seedRule(seed, 'PyTorch takes whole numbers from -2^63 to 2^64 - 1'),
  'seed-invalid/torch-number': ({ seed }: Seed) =>
    seedRule(seed, 'PyTorch takes whole numbers; beyond ±(2^53 - 1), write it as a bigint'),
} as const;
