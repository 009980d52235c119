import { afterAll, expect, test } from 'vitest';
import { openFromFiles } from '../checkpoint/sources/files.ts';
import { patchCount, valueCount } from '../mae/geometry.ts';
import { randomMasking } from '../mae/masking.ts';
import { torchRand } from '../mae/random.ts';
import { graphOptionsFor } from '../runtime/device/backend.ts';
import { goldenFiles } from '../runtime/testing/golden-files.ts';
import { loadNodeRuntime } from '../runtime/testing/node-runtime.ts';
import { Network } from './network.ts';

// Numbers are held against the reference by npm run verify; here is what no golden case can hold.
const checkpoint = await openFromFiles(goldenFiles('patch14'));
const backend = { kind: 'wasm', ort: await loadNodeRuntime('wasm') } as const;
const networkIn = (dtype: 'fp32' | 'q8') =>
  Network.create(checkpoint, { backend, graphOptions: graphOptionsFor('wasm', dtype) });
const [network, quantized] = [await networkIn('fp32'), await networkIn('q8')];
afterAll(async () => {
  await network.dispose();
  await quantized.dispose();
});

const { geometry, config } = network;
const patches = torchRand(7, valueCount(geometry));
const masks = [randomMasking(torchRand(2, patchCount(geometry.grid)), 0.75)];
const layers = config.num_hidden_layers;

test.each([
  ['fp32', network],
  ['q8', quantized],
] as const)('in %s every layer is switched off, and on again, and nothing stays', async (_, network) => {
  const plain = await network.inspect(patches, masks, { encoder: { hiddenStates: 'all' } });
  const off = await network.inspect(patches, masks, {
    encoder: { skipLayers: Array.from({ length: layers }, (_, i) => i), hiddenStates: 'all' },
  });
  const states = [...off.hidden_states.values()].map(({ data }) => data);
  // Bit for bit: a skipped layer adds zeros.
  for (const state of states) expect(state).toEqual(states[0]);
  expect(states[0]).toEqual(plain.hidden_states.get(0)?.data);
  expect(off.logits.data).not.toEqual(plain.logits.data);
  expect((await network.inspect(patches, masks)).logits.data).toEqual(plain.logits.data);
});

test('gives only what was asked for, and tells of each as soon as it is there', async () => {
  const told: string[] = [];
  const inspection = await network.inspect(patches, masks, {
    encoder: { attentions: [1] },
    decoderLens: [0],
    tell: (name, index, tensor) => told.push(`${name}.${index} ${tensor.dims}`),
  });
  const tokens = 1 + (masks[0]?.idsKeep.length ?? 0);
  const length = patchCount(geometry.grid);
  expect(told).toEqual([
    `decoder_lens.0 1,${length},${14 * 14 * 3}`,
    `attentions.1 1,${config.num_attention_heads},${tokens},${tokens}`,
  ]);
  expect([inspection.hidden_states.size, inspection.encoder_lens.size]).toEqual([0, 0]);
});

test('stops when it is cancelled, and runs again', async () => {
  const stop = new AbortController();
  const tell = () => stop.abort();
  const request = { encoderLens: 'all', tell, signal: stop.signal } as const;
  await expect(network.inspect(patches, masks, request)).rejects.toMatchObject({ code: 'cancelled' });
  expect((await network.inspect(patches, masks, { encoderLens: 'all' })).encoder_lens.size).toBe(layers + 1);
});

test.each([
  ['a head mask of another size', { encoder: { headMask: new Float32Array(3) } }],
  ['a layer to skip that does not exist', { decoder: { skipLayers: [config.decoder_num_hidden_layers] } }],
  ['the attentions of such a layer', { encoder: { attentions: [layers] } }],
  ['a hidden state that does not exist', { encoderLens: [layers + 1] }],
])('%s is refused', async (_, request) => {
  await expect(network.inspect(patches, masks, request)).rejects.toMatchObject({ code: 'mask-invalid' });
});
