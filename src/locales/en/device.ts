/** What the model runs on and computes in, and how far its dtype is from float32. */
import { dtypes } from './dtypes.ts';
import { format } from './format.ts';
import { quantities } from './quantities.ts';

interface OneDtype {
  readonly dtype: string;
}

interface Copy {
  /** Of the second copy of the model. */
  readonly dtype: string;
}

export const device = {
  /** "WebAssembly · 2 threads" */
  wasm: ({ threads }: { readonly threads: number }) =>
    `WebAssembly · ${format.plural(threads, { one: '# thread', other: '# threads' })}`,
  /** "WebAssembly · 2 threads · int8" */
  label: ({ device, dtype }: { readonly device: string; readonly dtype: string }) => `${device} · ${dtype}`,
  button: ({ device }: { readonly device: string }) => `Device: ${device}`,
  buttonNotKnown: 'Device: not known yet',
  /** @param reasons sentences on why it is not what was asked for */
  tip: ({ reasons }: { readonly reasons: readonly string[] }) =>
    ['What the model runs on and computes in. Everything is computed on this device.', ...reasons].join(' '),
  title: 'Device',
  choices: {
    auto: { name: 'Auto', sentence: 'WebGPU where it works, WebAssembly elsewhere.' },
    webgpu: { name: 'WebGPU', sentence: 'The graphics processor: usually the fastest.' },
    wasm: { name: 'WebAssembly', sentence: 'The processor: works in every browser.' },
  },
  running: ({ device, reason }: { readonly device: string; readonly reason: string | null }) =>
    reason === null ? `Running on ${device}.` : `Running on ${device}. ${reason}`,
  slowDriver:
    'The graphics driver takes unusually long to prepare this model. It may still finish, and be quicker the next time. WebAssembly, which runs on the processor, does without it.',
  useWasm: 'Use WebAssembly',

  dtype: {
    title: 'Precision',
    choices: {
      auto: {
        name: 'Automatic',
        sentence: 'float32 for small models; for large ones what is faster and known to be close.',
      },
      fp32: { name: dtypes.fp32, sentence: 'The reference’s own arithmetic.' },
      fp16: { name: dtypes.fp16, sentence: 'For WebGPU: half the memory, and often faster.' },
      q8: {
        name: dtypes.q8,
        sentence: 'For WebAssembly: a quarter of the memory, and faster; rounds the most.',
      },
    },
    computing: ({ dtype }: OneDtype) => `Computing in ${dtype}.`,
    computingRoughly: ({ dtype }: OneDtype) =>
      `Computing in ${dtype}: the loss differs slightly from the reference’s.`,
  },

  agreement: {
    label: ({ dtype }: OneDtype) => `How far ${dtype} is from float32`,
    notMeasured: ({ dtype }: OneDtype) => `${dtype} against float32, with this model: not measured yet.`,
    measured: ({ dtype }: OneDtype) => `${dtype} against float32, with this model:`,
    /** "46.1 dB at worst, over 72 runs on the samples" */
    record({
      psnr,
      runs,
      on,
    }: {
      readonly psnr: number;
      readonly runs: number;
      readonly on: 'samples' | 'stage';
    }) {
      const where = { samples: 'on the samples', stage: 'in this browser' }[on];
      const counted = format.plural(runs, { one: '# run', other: '# runs' });
      return `${quantities.decibels(psnr)} at worst, over ${counted} ${where}`;
    },
    scale({
      closeEnough,
      lossDifference,
    }: {
      /** In decibels. */
      readonly closeEnough: number;
      /** The largest; null where none is known. */
      readonly lossDifference: number | null;
    }) {
      const scale = `PSNR: the higher, the closer; from ${closeEnough} dB on, two images look the same.`;
      if (lossDifference === null) return scale;
      const most =
        lossDifference < 0.001
          ? `less than ${quantities.loss(0.001)}`
          : `at most ${quantities.loss(Math.ceil(lossDifference * 1000) / 1000)}`;
      return `${scale} The loss differs by ${most}.`;
    },
    measure: 'Measure on this image',
    measureTip: ({ second }: { readonly second: string }) =>
      `Loads the model once more, in ${second}, and compares what both paint on your image, under six masks. It takes some seconds, and the memory of that copy meanwhile.`,
    comparing: ({ run, runs }: { readonly run: number; readonly runs: number }) =>
      `Comparing, run ${run} of ${runs}`,
    copy: {
      loading: ({ dtype }: Copy) => `The ${dtype} copy: loading`,
      loadingModel: ({ dtype }: Copy) => `The ${dtype} copy: loading the model`,
      loadingBytes: ({ dtype, loaded, total }: Copy & Loaded) =>
        `The ${dtype} copy: loading ${loadedOf({ loaded, total })}`,
      compiling: ({ dtype }: Copy) => `The ${dtype} copy: compiling`,
      warmingUp: ({ dtype, step, steps }: Copy & Steps) =>
        `The ${dtype} copy: warming up, ${step} of ${steps}`,
    },
    cancel: 'Cancel',
    load: ({ dtype }: OneDtype) => `Load it in ${dtype}`,
    loadTip: ({ dtype }: OneDtype) =>
      `What Automatic would choose now: ${dtype}. The model in use goes on until it is ready.`,
  },
} as const;

/** In bytes. */
export interface Loaded {
  readonly loaded: number;
  readonly total: number | null;
}

export interface Steps {
  /** Counted from 1. */
  readonly step: number;
  readonly steps: number;
}

/** "120 MB of 448 MB" */
export function loadedOf({ loaded, total }: Loaded): string {
  return total === null ? format.size(loaded) : `${format.size(loaded)} of ${format.size(total)}`;
}
