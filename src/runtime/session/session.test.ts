import { expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { buildEncoder } from '../../graph/encoder.ts';
import { parseConfig } from '../../mae/config.ts';
import { graphOptionsFor } from '../device/backend.ts';
import { loadNodeRuntime } from '../testing/node-runtime.ts';
import { Session } from './session.ts';

const backend = { kind: 'wasm', ort: await loadNodeRuntime('wasm') } as const;
const graph = buildEncoder(parseConfig({}), graphOptionsFor('wasm', 'fp32'));

test('a graph with weights is not run without them', async () => {
  await expect(Session.create(backend, graph, null)).rejects.toThrow(/no weights for vit\./);
});

test('a file that can no longer be read is reported as such, and not as the runtime sees it', async () => {
  const gone = new LensError('not-found/model-changed', { model: 'memory.bin' });
  const read = () => {
    throw gone;
  };
  await expect(Session.create(backend, graph, read)).rejects.toBe(gone);
});
