import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../mae/config.ts';
import type { Graph } from './builder.ts';
import { GraphBuilder } from './builder.ts';
import { buildDecoder } from './decoder.ts';
import { buildEncoder } from './encoder.ts';
import { ModelProtoSchema } from './onnx_pb.js';
import { buildPortable } from './portable.ts';

const base = parseConfig({});
const huge = parseConfig({
  hidden_size: 1280,
  intermediate_size: 5120,
  num_hidden_layers: 32,
  num_attention_heads: 16,
  patch_size: 14,
});

function parse(graph: Graph) {
  const proto = fromBinary(ModelProtoSchema, graph.model).graph;
  if (proto === undefined) throw new Error('no graph');
  return proto;
}
const parameters = (graph: Graph) => graph.weights.reduce((sum, { elements }) => sum + elements, 0);

describe('encoder and decoder together', () => {
  test.each([
    ['base', base, 85_798_656, 26_109_184],
    ['huge', huge, null, null],
  ] as const)('use every parameter of %s once', (name, config, encoderCount, decoderCount) => {
    const encoder = buildEncoder(config, { attention: 'fused' });
    const decoder = buildDecoder(config, { attention: 'fused' });
    const names = [...encoder.weights, ...decoder.weights].map(({ tensor }) => tensor);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(name === 'base' ? 334 : 654);
    if (encoderCount !== null) expect(parameters(encoder)).toBe(encoderCount);
    if (decoderCount !== null) expect(parameters(decoder)).toBe(decoderCount);
    if (name === 'huge') expect(parameters(encoder) + parameters(decoder)).toBe(657_074_508);
  });

  test('a checkpoint without qkv bias has three biases fewer in each layer', () => {
    const config = { ...base, qkv_bias: false };
    expect(buildEncoder(config, { attention: 'fused' }).weights).toHaveLength(
      buildEncoder(base, { attention: 'fused' }).weights.length - 3 * 12,
    );
  });
});

describe('a graph', () => {
  const variants = { headMask: true, hiddenStates: true, attentions: true };
  const graphs: [string, Graph][] = [
    ['fused encoder', buildEncoder(base, { attention: 'fused' })],
    ['encoder with everything', buildEncoder(base, { attention: 'fused', ...variants })],
    ['composed decoder', buildDecoder(base, { attention: 'composed' })],
    ['portable model', buildPortable(base, 'float32')],
  ];

  test.each(graphs)('%s defines every value before its use, and uses every initializer', (_, graph) => {
    const { node, initializer, input, output } = parse(graph);
    const defined = new Set([...initializer, ...input].map(({ name }) => name));
    const used = new Set<string>();
    for (const { input: inputs, output: outputs } of node) {
      for (const name of inputs) {
        expect(defined).toContain(name);
        used.add(name);
      }
      for (const name of outputs) {
        expect(defined).not.toContain(name);
        defined.add(name);
      }
    }
    for (const { name } of output) expect(defined).toContain(name);
    for (const { name } of initializer) expect(used).toContain(name);
  });

  test.each(graphs)('%s keeps its weights outside, apart, aligned and in files below 1 GiB', (_, graph) => {
    expect(graph.model.byteLength).toBeLessThan(250_000);
    const ends = new Map<string, number>();
    for (const { file, offset, elements } of graph.weights) {
      expect(offset % 64).toBe(0);
      expect(offset).toBeGreaterThanOrEqual(ends.get(file) ?? 0);
      ends.set(file, offset + elements * 4);
    }
    for (const [file, bytes] of graph.files) {
      expect(bytes).toBeLessThanOrEqual(2 ** 30);
      expect(ends.get(file)).toBeLessThanOrEqual(bytes);
    }
  });

  test('of huge is split over several files', () => {
    expect(buildEncoder(huge, { attention: 'fused' }).files.size).toBe(3);
  });

  test('with attention outputs is composed whatever was asked for', () => {
    const operators = (graph: Graph) => parse(graph).node.map(({ opType }) => opType);
    expect(operators(buildEncoder(base, { attention: 'fused' }))).toContain('MultiHeadAttention');
    expect(operators(buildEncoder(base, { attention: 'fused', attentions: true }))).not.toContain(
      'MultiHeadAttention',
    );
    expect(operators(buildEncoder(base, { attention: 'fused', headMask: true }))).not.toContain(
      'MultiHeadAttention',
    );
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
  expect(graph.weights).toEqual([{ tensor: 'table', elements: 6, file: 'weights.0', offset: 0 }]);
  const offsets = parse(graph).initializer.map(({ externalData }) => externalData.map(({ value }) => value));
  expect(offsets).toEqual([
    ['weights.0', '0', '24'],
    ['weights.0', '8', '16'],
  ]);
});
