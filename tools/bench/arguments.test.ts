import { expect, test } from 'vitest';
import { parseArguments } from './arguments.ts';

const ids = (argv: readonly string[]) => parseArguments(argv, {}).runtimes.map(({ id }) => id);

test('without arguments everything is measured', () => {
  expect(parseArguments([], {})).toMatchObject({
    rows: ['forward', 'load', 'sweep', 'cold-start', 'tasks', 'slider'],
    models: ['demo', 'base'],
    peers: ['native', 'torch', 'transformers.js'],
    budgetMs: 3000,
    slow: false,
    write: false,
    python: null,
    json: null,
    dist: null,
  });
  expect(ids([])).toEqual([
    'wasm-1-fp32',
    'wasm-1-q8',
    'wasm-2-fp32',
    'wasm-2-q8',
    'webgpu-fused',
    'webgpu-composed',
    'webgpu-fp16',
  ]);
});

test('a part can be chosen', () => {
  const options = parseArguments(
    ['--rows', 'sweep,forward', '--models', 'base', '--peers', 'none', '--budget', '250', '--json', 'a.json'],
    {},
  );
  expect(options).toMatchObject({
    rows: ['forward', 'sweep'],
    models: ['base'],
    peers: [],
    budgetMs: 250,
    json: 'a.json',
  });
});

test('a device is a family or a single one', () => {
  expect(ids(['--devices', 'webgpu'])).toEqual(['webgpu-fused', 'webgpu-composed', 'webgpu-fp16']);
  expect(ids(['--devices', 'wasm-2'])).toEqual(['wasm-2-fp32', 'wasm-2-q8']);
  expect(ids(['--devices', 'webgpu-composed,wasm-1-q8'])).toEqual(['wasm-1-q8', 'webgpu-composed']);
});

test('Python is the one that was named, else the environment’s', () => {
  expect(parseArguments([], { MAE_LENS_PYTHON: 'a' }).python).toBe('a');
  expect(parseArguments(['--python', 'b'], { MAE_LENS_PYTHON: 'a' }).python).toBe('b');
  expect(parseArguments([], { MAE_LENS_PYTHON: '' }).python).toBeNull();
});

test.each([
  [['--rows', 'forward,backward'], 'there is no "backward"'],
  [['--models', 'huge'], 'there is no "huge"'],
  [['--devices', 'cuda'], 'there is no "cuda"'],
  [['--peers', 'jax'], 'there is no "jax"'],
  [['--budget', 'much'], 'no number'],
  [['--budget', '0'], 'no number'],
  [['--quick'], '--quick'],
])('%j is refused', (argv, reason) => {
  expect(() => parseArguments(argv, {})).toThrow(reason);
});
