/** The peer that everybody knows: transformers' ViTMAEForPreTraining on the processor, in Python. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { BenchOptions } from './arguments.ts';
import { BATCHES, forwardRows, RATIOS, SWEEP_RATIO, sweepRow } from './forward-rows.ts';
import { MIN_RUNS } from './measure.ts';
import type { BenchModel } from './models.ts';
import { PEER_THREADS } from './native.ts';
import type { Report } from './rows.ts';
import { summarize } from './statistics.ts';

const times = z.array(z.number()).min(1);
const answer = z.object({
  versions: z.string(),
  passes: z.array(
    z.object({
      attention: z.enum(['eager', 'sdpa']),
      kind: z.enum(['forward', 'sweep']),
      ratio: z.number(),
      batch: z.number(),
      encoder: times,
      decoder: times,
      whole: times,
    }),
  ),
  loads: z.array(z.number()),
});

/** @returns the versions that ran, for the header */
export async function measureTorch(
  model: BenchModel,
  python: string,
  { rows, budgetMs }: BenchOptions,
  report: Report,
): Promise<string> {
  const { stdout } = await promisify(execFile)(python, [
    path.join(import.meta.dirname, 'torch_peer.py'),
    model.folder,
    ...['--threads', String(PEER_THREADS), '--budget', String(budgetMs)],
    ...(rows.includes('forward') ? ['--ratios', ...RATIOS.map(String)] : []),
    ...(rows.includes('sweep') ? ['--batches', ...BATCHES.map(String)] : []),
    ...['--sweep-ratio', String(SWEEP_RATIO)],
    ...(rows.includes('load') ? ['--loads', String(MIN_RUNS)] : []),
  ]);
  const { versions, passes, loads } = answer.parse(JSON.parse(stdout));
  for (const { attention, kind, ratio, batch, ...pass } of passes) {
    const runner = {
      model: model.name,
      runtime: `torch-${attention}`,
      label: `PyTorch ${attention} · ${PEER_THREADS} threads`,
    };
    if (kind === 'forward') forwardRows(runner, ratio, pass).forEach(report.add);
    else report.add(sweepRow(runner, batch, pass));
  }
  if (loads.length > 0) {
    report.add({
      kind: 'load',
      model: model.name,
      runtime: 'torch',
      label: 'PyTorch',
      masked: null,
      what: 'from checkpoint to ready',
      unit: 'ms',
      summary: summarize(loads),
    });
  }
  return versions;
}
