/** What is in `agreement.json`; for the tool that writes it and the test that reads it. The page trusts it. */
import { z } from 'zod';
import type { Measurement } from './agreement-records.ts';

const tableRow = z.object({
  model: z.string().min(1),
  parameters: z.int().positive(),
  bytes: z.int().positive(),
  dtype: z.enum(['fp16', 'q8']),
  lowest_psnr: z.number().nullable(),
  mean_psnr: z.number().nullable(),
  loss_difference: z.number().nonnegative().nullable(),
  runs: z.int().positive(),
  /** How it was measured: every sample, under the masks of these seeds (PyTorch's) at each of these ratios. */
  samples: z.array(z.string()).min(1),
  mask_ratios: z.array(z.number().min(0).max(1)).min(1),
  seeds: z.array(z.int()).min(1),
  /** What it ran on, for people. */
  device: z.string().min(1),
}) satisfies z.ZodType<Measurement>;
export type AgreementTableRow = z.infer<typeof tableRow>;

/** `npm run precision -- --write` keeps it: at most one row for each model and dtype. */
export const agreementTable = z.object({
  format: z.literal('mae-lens-agreement/1'),
  rows: z.array(tableRow),
});
export type AgreementTable = z.infer<typeof agreementTable>;
