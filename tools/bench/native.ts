/** The peer that runs the very same graphs natively. */
import { graphOptionsFor } from '../../src/runtime/device/backend.ts';
import { Network } from '../../src/vitmae/network.ts';
import type { BenchOptions } from './arguments.ts';
import { BATCHES, forwardRows, RATIOS, SWEEP_RATIO, sweepRow } from './forward-rows.ts';
import { measure } from './measure.ts';
import type { BenchModel } from './models.ts';
import { nativeRuntime } from './native-runtime.ts';
import type { Report } from './rows.ts';

/** Threads of every peer on the processor. */
export const PEER_THREADS = 2;

export async function measureNative(
  { name, checkpoint }: BenchModel,
  { rows, budgetMs }: BenchOptions,
  report: Report,
): Promise<void> {
  const runner = {
    model: name,
    runtime: 'onnxruntime-node',
    label: `onnxruntime-node · ${PEER_THREADS} threads`,
  };
  const network = await Network.create(checkpoint, {
    backend: { kind: 'wasm', ort: nativeRuntime(PEER_THREADS) },
    graphOptions: graphOptionsFor('wasm', 'fp32'),
  });
  try {
    if (rows.includes('forward')) {
      for (const ratio of RATIOS)
        forwardRows(runner, ratio, await measure(network, ratio, budgetMs)).forEach(report.add);
    }
    if (rows.includes('sweep')) {
      for (const batch of BATCHES)
        report.add(sweepRow(runner, batch, await measure(network, SWEEP_RATIO, budgetMs, batch)));
    }
  } finally {
    await network.dispose();
  }
}
