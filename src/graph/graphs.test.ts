import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../mae/config.ts';
import { geometryOf, patchCount } from '../mae/geometry.ts';
import { buildPortable } from '../onnx-export/portable-graphs.ts';
import { buildAttentionProbe } from './attention.ts';
import type { Graph } from './builder.ts';
import { GraphBuilder } from './builder.ts';
import { buildDecoder, buildPrediction } from './decoder.ts';
import { buildEncoder } from './encoder.ts';
import { type GraphOptions, PORTABLE_OPTIONS } from './graph-options.ts';
import { ModelProtoSchema } from './testing/onnx_pb.js';

const base = parseConfig({});
const huge = parseConfig({
  hidden_size: 1280,
  intermediate_size: 5120,
  num_hidden_layers: 32,
  num_attention_heads: 16,
  patch_size: 14,
});

const FUSED: GraphOptions = { ...PORTABLE_OPTIONS, attention: 'fused', standardOperators: false };
const SHORT = { ...FUSED, packedProjections: true, packedSwitches: true } as const;

function parse(graph: Graph) {
  const proto = fromBinary(ModelProtoSchema, graph.model).graph;
  if (proto === undefined) throw new Error('no graph');
  return proto;
}
/** What a graph takes of a checkpoint, as weights and as inputs. */
const taken = ({ weights, switches }: Graph) => [
  ...weights.map(({ tensor: name, elements }) => ({ name, elements })),
  ...switches.vectors.filter(({ normally }) => normally === 'tensor'),
];
const parameters = (graph: Graph) => taken(graph).reduce((sum, { elements }) => sum + elements, 0);

describe('encoder and decoder together', () => {
  test.each([
    ['base', base, 85_798_656, 26_109_184],
    ['huge', huge, null, null],
  ] as const)('use every parameter of %s once', (name, config, encoderCount, decoderCount) => {
    const encoder = buildEncoder(config, FUSED);
    const decoder = buildDecoder(config, FUSED);
    const names = [...taken(encoder), ...taken(decoder)].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    // Besides them each half is given the rows of its position embeddings.
    expect(names).toHaveLength((name === 'base' ? 334 : 654) - 2);
    const tokens = 1 + patchCount(geometryOf(config).grid);
    const inEncoder = parameters(encoder) + tokens * config.hidden_size;
    const inDecoder = parameters(decoder) + tokens * config.decoder_hidden_size;
    if (encoderCount !== null) expect(inEncoder).toBe(encoderCount);
    if (decoderCount !== null) expect(inDecoder).toBe(decoderCount);
    if (name === 'huge') expect(inEncoder + inDecoder).toBe(657_074_508);
  });

  test('a checkpoint without qkv bias has three biases fewer in each layer', () => {
    const config = { ...base, qkv_bias: false };
    expect(buildEncoder(config, FUSED).weights).toHaveLength(
      buildEncoder(base, FUSED).weights.length - 3 * 12,
    );
  });
});

/** By the numbers of TensorProto.DataType: float32, int8, float16. */
const BYTES: Readonly<Record<number, number>> = { 1: 4, 3: 1, 10: 2 };

describe('a graph', () => {
  const graphs: [string, Graph][] = [
    ['fused encoder', buildEncoder(base, FUSED)],
    ['attention of a layer', buildAttentionProbe(base, SHORT, 'encoder', 3)],
    ['prediction', buildPrediction(base, FUSED)],
    ['composed decoder', buildDecoder(base, { ...FUSED, attention: 'composed' })],
    ['portable model', buildPortable(base, 'float32')],
    ['encoder with fused steps', buildEncoder(base, SHORT)],
    ['transposed decoder', buildDecoder(base, { ...SHORT, layout: 'in-out' })],
    ['float16 encoder', buildEncoder(base, { ...SHORT, layout: 'in-out', dtype: 'fp16' })],
    ['float16 decoder', buildDecoder(base, { ...SHORT, layout: 'in-out', dtype: 'fp16' })],
    ['int8 encoder', buildEncoder(base, { ...SHORT, dtype: 'q8' })],
    ['int8 decoder', buildDecoder({ ...base, qkv_bias: false }, { ...FUSED, dtype: 'q8' })],
  ];

  test.each(graphs)('%s defines every value before its use, and uses every initializer', (_, graph) => {
    const { node, initializer, input, output } = parse(graph);
    const defined = new Set([...initializer, ...input].map(({ name }) => name));
    const used = new Set<string>();
    for (const { input: inputs, output: outputs } of node) {
      for (const name of inputs.filter((name) => name !== '')) {
        expect(defined).toContain(name);
        used.add(name);
      }
      for (const name of outputs.filter((name) => name !== '')) {
        expect(defined).not.toContain(name);
        defined.add(name);
      }
    }
    for (const { name } of output) expect(defined).toContain(name);
    for (const { name } of initializer) expect(used).toContain(name);
  });

  test.each(graphs)('%s keeps its weights outside, apart, aligned and in files below 1 GiB', (_, graph) => {
    expect(graph.model.byteLength).toBeLessThan(250_000);
    const extents: { name: string; file: string; start: number; end: number }[] = [];
    for (const { name, dims, dataType, externalData } of parse(graph).initializer) {
      if (externalData.length === 0) continue;
      const [file = '', offset = '', length = ''] = externalData.map(({ value }) => value);
      const elements = dims.reduce((product, side) => product * Number(side), 1);
      expect(Number(length)).toBe(elements * (BYTES[dataType] ?? Number.NaN));
      expect(Number(offset) % 64).toBe(0);
      const [start, end] = [Number(offset), Number(offset) + Number(length)];
      expect(end).toBeLessThanOrEqual(graph.files.get(file) ?? 0);
      extents.push({ name, file, start, end });
    }
    for (const bytes of graph.files.values()) expect(bytes).toBeLessThanOrEqual(2 ** 30);
    // Only a part of a weight may lie inside of another one.
    const order = extents.filter(({ name }) => !name.endsWith(':]'));
    order.sort((a, b) => a.file.localeCompare(b.file) || a.start - b.start);
    for (const [i, { file, start }] of order.entries()) {
      const before = order[i - 1];
      if (before?.file === file) expect(start).toBeGreaterThanOrEqual(before.end);
    }
  });

  test('of huge is split over several files', () => {
    expect(buildEncoder(huge, FUSED).files.size).toBe(3);
  });

  test('of one layer reads no weights but those of its queries and keys', () => {
    const { weights } = buildAttentionProbe(base, FUSED, 'decoder', 7);
    const layer = 'decoder.decoder_layers.7.';
    expect(weights.map(({ tensor }) => tensor.replace(layer, '')).sort()).toEqual([
      'attention.attention.key.bias',
      'attention.attention.key.weight',
      'attention.attention.query.bias',
      'attention.attention.query.weight',
      'layernorm_before.bias',
      'layernorm_before.weight',
    ]);
  });
});

test('the portable model uses standard operators only', () => {
  for (const act of ['gelu', 'gelu_new', 'relu', 'selu'] as const) {
    const { node } = parse(buildPortable({ ...base, hidden_act: act }, 'float16'));
    expect(new Set(node.map(({ domain }) => domain))).toEqual(new Set(['']));
  }
});

test('a part of a weight shares its bytes', () => {
  const g = new GraphBuilder('parts');
  const whole = g.weight('table', 6, [3, 2]);
  const rest = g.weight('table', 6, [2, 2], 2);
  g.output(g.node('Concat', [whole, rest], { axis: 0n }), 'both', [5, 2]);
  const graph = g.finish();
  const encoding = { kind: 'plain', type: 'float32' };
  expect(graph.weights).toEqual([{ tensor: 'table', elements: 6, file: 'weights.0', offset: 0, encoding }]);
  const offsets = parse(graph).initializer.map(({ externalData }) => externalData.map(({ value }) => value));
  expect(offsets).toEqual([
    ['weights.0', '0', '24'],
    ['weights.0', '8', '16'],
  ]);
});
