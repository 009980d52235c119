import { expect, test } from 'vitest';
import { buildEncoder } from '../graph/encoder.ts';
import { parseConfig } from '../mae/config.ts';
import { formFor } from './backend.ts';
import { loadNodeRuntime } from './node-runtime.ts';
import { Session } from './session.ts';

test('a graph with weights is not run without them', async () => {
  const graph = buildEncoder(parseConfig({}), formFor('wasm', 'float32'));
  const backend = { kind: 'wasm', ort: await loadNodeRuntime('wasm') } as const;
  const session = Session.create(backend, { ...graph, files: new Map() }, null);
  await expect(session).rejects.toThrow(/no weights for vit\./);
});
