import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openFromFiles } from '../../checkpoint/sources/files.ts';
import { buildDecoder } from '../../graph/decoder.ts';
import { buildEncoder } from '../../graph/encoder.ts';
import type { GraphOptions } from '../../graph/graph-options.ts';
import { graphOptionsFor } from '../device/backend.ts';
import { goldenFiles } from '../testing/golden-files.ts';
import { loadNodeRuntime } from '../testing/node-runtime.ts';
import { weightFiles } from './weight-files.ts';

const checkpoint = await openFromFiles(goldenFiles('patch14'));
const { config } = checkpoint;
const read = await checkpoint.syncReader();
const OPTIONS = {
  'float32 as PyTorch stores it': graphOptionsFor('wasm', 'fp32'),
  'float32 in columns': graphOptionsFor('webgpu', 'fp32'),
  float16: graphOptionsFor('webgpu', 'fp16'),
  int8: graphOptionsFor('wasm', 'q8'),
} as const;

type Range = readonly [start: number, end: number];

/** A graph's only file, with the ranges that were taken of it. */
function watchedFile(...of: Parameters<typeof weightFiles>) {
  const [file, another] = weightFiles(...of).externalData;
  if (file === undefined || another !== undefined) throw new Error('one file was expected');
  const taken: Range[] = [];
  const { data } = file;
  const subarray = data.subarray.bind(data);
  data.subarray = (start = 0, end = data.byteLength) => {
    taken.push([start, end]);
    return subarray(start, end);
  };
  return { ...file, taken };
}

/** What the runtime takes while it makes a session, in its order. */
async function takenBy(graph: Parameters<typeof weightFiles>[0] & { readonly model: Uint8Array }) {
  const ort = await loadNodeRuntime('wasm');
  const { path, data, taken } = watchedFile(graph, read);
  const options = { externalData: [{ path, data }], logSeverityLevel: 3 } as const;
  await (await ort.InferenceSession.create(graph.model, options)).release();
  return { taken, size: data.byteLength };
}

const graphsOf = (options: GraphOptions) =>
  [buildEncoder(config, options), buildDecoder(config, options)] as const;

// If a later runtime read weights otherwise, this is where it shows. In float16 only a graphics device can compute.
const { float16: _, ...ON_THE_PROCESSOR } = OPTIONS;
test.each(Object.entries(ON_THE_PROCESSOR))('the runtime takes every byte once: %s', async (_, options) => {
  for (const graph of graphsOf(options)) {
    const { taken, size } = await takenBy(graph);
    let end = 0;
    for (const [start, next] of taken.toSorted(([a], [b]) => a - b)) {
      expect(start).toBeGreaterThanOrEqual(end);
      // Between tensors there is only what aligns them.
      expect(start - end).toBeLessThan(64);
      end = next;
    }
    expect(size - end).toBeLessThan(64);
  }
});

describe.each(Object.entries(OPTIONS))('%s', (_, options) => {
  test('parts are the same bytes in any order and size', () => {
    for (const graph of graphsOf(options)) {
      const wholeFile = () => {
        const { data } = watchedFile(graph, read);
        return data.subarray(0, data.byteLength).slice();
      };
      const whole = wholeFile();
      const { data } = watchedFile(graph, read);
      const at = fc.nat(whole.length);
      fc.assert(
        fc.property(fc.array(fc.tuple(at, at), { minLength: 1, maxLength: 4 }), (ranges) => {
          for (const [a, b] of ranges) {
            const [start, end] = [Math.min(a, b), Math.max(a, b)];
            expect(Buffer.compare(data.subarray(start, end), whole.subarray(start, end))).toBe(0);
          }
        }),
        { numRuns: 20 },
      );
    }
  });
});

test('what goes wrong while reading is kept', () => {
  const gone = new Error('gone');
  const files = weightFiles(buildEncoder(config, OPTIONS.int8), () => {
    throw gone;
  });
  expect(files.failure()).toBeUndefined();
  expect(() => files.externalData[0]?.data.subarray(0, 64)).toThrow(gone);
  expect(files.failure()).toBe(gone);
});
