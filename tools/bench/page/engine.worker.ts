/** The page's engine in a worker, as the page itself has it. */

import { expose } from 'comlink';
import { openFromUrl } from '../../../src/checkpoint/sources/url.ts';
import { loadModel } from '../../../src/engine/model/load.ts';
import { chooseBackend, graphOptionsFor } from '../../../src/runtime/device/backend.ts';
import { loadBrowserRuntime } from '../../../src/runtime/device/ort.ts';
import { requestGpu } from '../../../src/runtime/session/gpu.ts';
import type { RuntimeLoader } from '../../../src/runtime/session/session.ts';
import { Network } from '../../../src/vitmae/network.ts';
import { inEnglish } from '../../browser/in-english.ts';
import { measure } from '../measure.ts';
import type { Runtime } from '../runtimes.ts';
import type { BenchPage } from './harness.ts';

let opened: Network | null = null;

const api: BenchPage = {
  async hasSoftwareGpu() {
    return requestGpu().then(
      ({ software }) => software,
      () => false,
    );
  },
  async open(url, runtime) {
    const checkpoint = await openFromUrl(url);
    const { device, threads, dtype, attention } = runtime;
    const { config, parameters } = checkpoint;
    const request = { device, config, dtype: { wanted: dtype, parameters, psnr: {} } };
    const { backend, graphOptions, report } = await chooseBackend(request, withThreads(threads));
    if (report.kind !== device) return { unavailable: inEnglish(report.reason) ?? `no ${device}` };
    if (report.dtype !== dtype) return { unavailable: inEnglish(report.dtypeReason) ?? `no ${dtype}` };
    if (attention === 'fused' && graphOptions.attention !== 'fused')
      return { unavailable: inEnglish(report.reason) ?? 'fused attention is wrong here' };
    opened = await Network.create(checkpoint, {
      backend,
      graphOptions: graphOptionsFor(device, dtype, attention),
    });
    return { label: labelOf(report.label, runtime) };
  },
  async measure(ratio, budgetMs, batch) {
    if (opened === null) throw new Error('No model is open.');
    return measure(opened, ratio, budgetMs, batch);
  },
  async load(url, { device, threads, dtype }) {
    const start = performance.now();
    const model = await loadModel(
      { kind: 'url', name: 'bench', baseUrl: `${url}/` },
      { device, dtype, loadRuntime: withThreads(threads), onPhase: () => undefined },
    );
    const ms = performance.now() - start;
    const { kind } = model.info.device;
    if (kind !== device) throw new Error(inEnglish(model.info.device.reason) ?? `It was loaded on ${kind}.`);
    await model.dispose();
    return ms;
  },
};

function withThreads(threads: number): RuntimeLoader {
  return async (kind) => {
    const ort = await loadBrowserRuntime(kind);
    if (kind === 'wasm') ort.env.wasm.numThreads = threads;
    return ort;
  };
}

function labelOf(device: string, { dtype, attention }: Runtime): string {
  return [
    device,
    ...(dtype === 'fp32' ? [] : [dtype]),
    ...(attention === 'composed' ? ['composed attention'] : []),
  ].join(' · ');
}

expose(api);
