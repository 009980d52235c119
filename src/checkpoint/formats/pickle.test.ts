import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LensError } from '../../base/errors.ts';
import { refusalOf } from '../bytes/refusal.ts';
import { readPickle } from './pickle.ts';
import { Callable, Instance, Tuple, type Vocabulary } from './pickle-objects.ts';
import {
  build,
  type Code,
  call,
  dict,
  global,
  int,
  list,
  no,
  none,
  pickled,
  text,
  tuple,
  yes,
} from './testing/pickle.ts';

const refuse = refusalOf('weights.pth');
/** Knows `data.Thing`, whose objects are kept, and `data.first`, which gives its first argument. */
const VOCABULARY: Vocabulary = {
  find(name) {
    if (name === 'data.Thing') return new Callable(name, (args) => new Instance(name, args));
    if (name === 'data.first') return new Callable(name, ([first]) => first);
    throw refuse('checkpoint-unsupported/python-call', { name });
  },
  load: (id) => ['loaded', id],
};
const read = (bytes: Uint8Array) => readPickle(bytes, VOCABULARY, refuse);
const readCode = (...code: readonly number[]) => read(pickled(code));
const ascii = (value: string) => [...new TextEncoder().encode(value)];

describe('a value', () => {
  test.each<[string, Code, unknown]>([
    ['None', none, null],
    ['True', yes, true],
    ['False', no, false],
    ['a byte', [0x4b, 255], 255],
    ['two bytes', [0x4d, 1, 2], 513],
    ['a negative number', int(-5), -5],
    ['zero as a long', [0x8a, 0], 0],
    ['a negative long', [0x8a, 1, 0xff], -1],
    ['a long beyond 32 bits', int(2 ** 40), 2 ** 40],
    ['a long beyond doubles', [0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1], 2n ** 64n],
    ['a long with a long length', [0x8b, 2, 0, 0, 0, 1, 1], 257],
    ['a float', [0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], 1.5],
    ['text', text('Maß 📏'), 'Maß 📏'],
    ['short text', [0x8c, 2, 0x61, 0x62], 'ab'],
    ['text with a long length', [0x8d, 1, 0, 0, 0, 0, 0, 0, 0, 0x61], 'a'],
    ["Python 2's short string", [0x55, 1, 0xfc], 'ü'],
    ["Python 2's string", [0x54, 1, 0, 0, 0, 0xfc], 'ü'],
    ['short bytes', [0x43, 2, 1, 2], Uint8Array.of(1, 2)],
    ['bytes', [0x42, 1, 0, 0, 0, 9], Uint8Array.of(9)],
    ['bytes with a long length', [0x8e, 1, 0, 0, 0, 0, 0, 0, 0, 9], Uint8Array.of(9)],
    ['a bytearray', [0x96, 0, 0, 0, 0, 0, 0, 0, 0], new Uint8Array()],
    ['a list', list(int(1), list()), [1, []]],
    ['a list, appended to one by one', [0x5d, ...int(1), 0x61, ...int(2), 0x61], [1, 2]],
    ['a dict', dict([[text('__proto__'), int(1)]]), new Map([['__proto__', 1]])],
    ['a dict, set one by one', [0x7d, ...text('a'), ...int(1), 0x73], new Map([['a', 1]])],
    ['a set', [0x8f, 0x28, ...int(1), ...int(1), 0x90], new Set([1])],
    ['a frozenset', [0x28, ...int(1), 0x91], new Set([1])],
    [
      'tuples of each length',
      tuple([0x29], [...int(1), 0x85], [...int(1), ...int(2), 0x86]),
      new Tuple([new Tuple([]), new Tuple([1]), new Tuple([1, 2])]),
    ],
    ['a triple', [...int(1), ...int(2), ...int(3), 0x87], new Tuple([1, 2, 3])],
    ['a value recalled', [...text('a'), 0x71, 7, 0x30, 0x68, 7], 'a'],
    ['a value recalled by a long index', [...text('a'), 0x72, 0, 0, 0, 255, 0x30, 0x6a, 0, 0, 0, 255], 'a'],
    ['a value stored by order', [...text('a'), 0x94, 0x30, 0x68, 0], 'a'],
    ['a value doubled', [0x28, ...int(4), 0x32, 0x74], new Tuple([4, 4])],
    ['a group taken back', [...int(4), 0x28, ...int(5), 0x31], 4],
    ['a call', call(global('data.first'), int(3)), 3],
    ['a name from the stack', [...text('data'), ...text('first'), 0x93, ...tuple(int(3)), 0x52], 3],
    ['a new object', [...global('data.Thing'), ...tuple(int(3)), 0x81], new Instance('data.Thing', [3])],
    [
      'a new object without arguments by name',
      [...global('data.first'), ...tuple(int(3)), ...dict([]), 0x92],
      3,
    ],
    ['a persistent id', [...text('id'), 0x51], ['loaded', 'id']],
    ['a frame', [0x95, 9, 0, 0, 0, 0, 0, 0, 0, ...none], null],
  ])('%s', (_, code, value) => {
    expect(read(pickled(code))).toEqual(value);
  });

  test('an object with a state', () => {
    expect(read(pickled(build(call(global('data.Thing')), dict([[text('a'), int(1)]]))))).toMatchObject({
      type: 'data.Thing',
      state: new Map([['a', 1]]),
    });
  });

  test('a dict keeps its content when it gets a state', () => {
    expect(read(pickled(build(dict([[int(1), int(2)]]), dict([[text('_metadata'), none]]))))).toEqual(
      new Map([[1, 2]]),
    );
  });

  test('a list in itself', () => {
    const value = readCode(0x5d, 0x71, 0, 0x68, 0, 0x61) as unknown[];
    expect(value[0]).toBe(value);
  });

  test('nothing is made of names that objects have', () => {
    const value = read(
      pickled(build(call(global('data.Thing')), dict([[text('__proto__'), dict([[text('x'), yes]])]]))),
    );
    expect('x' in {}).toBe(false);
    expect((value as Instance).state).toEqual(new Map([['__proto__', new Map([['x', true]])]]));
  });
});

describe('a broken pickle is refused', () => {
  test.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(), 'ends too early, after 0 bytes'],
    ['without an end', Uint8Array.of(0x80, 2, 0x4e), 'ends too early, after 3 bytes'],
    ['with an end and no value', Uint8Array.of(0x80, 2, 0x2e), 'takes a value where there is none'],
    [
      'of protocol 6',
      Uint8Array.of(0x80, 6, 0x4e, 0x2e),
      'has protocol 6, and 5 is the highest that is known',
    ],
    [
      'of protocol 0',
      Uint8Array.from(ascii("(dp0\nS'a'\np1\n.")),
      'has the instruction 0x64 at byte 1, which PyTorch does not write',
    ],
    [
      'with a class by an old instruction',
      pickled(ascii('(ios\nsystem\n')),
      'has the instruction 0x69 at byte 3',
    ],
    ['with a class by number', pickled([0x82, 1]), 'has the instruction 0x82 at byte 2'],
    ['with a buffer from outside', pickled([0x97]), 'has the instruction 0x97 at byte 2'],
    ['with text that is not there', pickled([0x58, 255, 255, 255, 255]), 'ends too early'],
    ['with text of 2^63 bytes', pickled([0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80]), 'ends too early'],
    [
      'with a number that is not there',
      pickled([0x8b, 255, 255, 255, 255]),
      'has a whole number of 4,294,967,295 bytes',
    ],
    ['with a frame that is cut', Uint8Array.of(0x80, 4, 0x95, 1), 'ends too early'],
    ['that ends a group', pickled([0x74]), 'ends a group that it did not begin'],
    ['that takes too much for a tuple', pickled([...none, 0x87]), 'takes a value where there is none'],
    ['that takes from below a group', pickled([...none, 0x28, 0x30]), 'takes a value where there is none'],
    ['that appends to a number', pickled([...int(1), ...int(2), 0x61]), 'appends to 1, which is no list'],
    [
      'that sets an item of a list',
      pickled([0x5d, ...int(1), ...int(2), 0x73]),
      'sets an item of a list, which is no dict',
    ],
    [
      'that sets an item without a value',
      pickled([0x7d, 0x28, ...int(1), 0x75]),
      'sets an item of a dict without a value',
    ],
    ['that adds to a dict', pickled([0x7d, 0x28, ...int(1), 0x90]), 'adds to an object, which is no set'],
    ['that recalls what it did not store', pickled([0x68, 3]), 'recalls number 3, which it did not store'],
    ['that calls a number', pickled([...int(3), ...tuple(), 0x52]), 'calls 3'],
    ['that calls text', pickled([...text('os.system'), ...tuple(), 0x52]), 'calls "os.system"'],
    ['that calls the result of a call', pickled(call(call(global('data.Thing')), int(1))), 'calls an object'],
    [
      'that calls without a tuple',
      pickled([...global('data.first'), ...list(), 0x52]),
      'calls "data.first" without arguments',
    ],
    [
      'with arguments by name',
      pickled([...global('data.first'), ...tuple(), ...dict([[text('a'), none]]), 0x92]),
      'makes an object with arguments by name',
    ],
    ['that gives a number a state', pickled(build(int(1), dict([]))), 'gives a state to 1'],
    [
      'that gives a class a state',
      pickled(build(global('data.Thing'), dict([]))),
      'gives a state to an object',
    ],
    [
      'that names a class by a number',
      pickled([...int(1), ...text('a'), 0x93]),
      'names a class by 1 and "a"',
    ],
    ['with a name without an end', pickled(ascii(`c${'a'.repeat(2000)}`)), 'has a name without an end'],
    [
      'that is nested too deep',
      pickled(new Array<number>(20_000).fill(0x28)),
      'is nested more than 10,000 deep',
    ],
    [
      'that is endless',
      pickled(new Array<number>(1_000_001).fill(0x4e)),
      'has more than 1,000,000 instructions',
    ],
    ['with an unknown name', pickled(global('os.system')), 'asks to run os.system'],
  ])('%s', (_, bytes, what) => {
    expect(() => read(bytes)).toThrow(LensError);
    expect(() => read(bytes)).toThrow(what);
  });

  test('or read, whatever its bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          read(Uint8Array.from([...bytes, 0x2e]));
        } catch (error) {
          if (!(error instanceof LensError)) throw error;
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('or read, whatever its instructions are', () => {
    const instruction = fc.constantFrom<Code>(
      none,
      yes,
      int(1),
      text('a'),
      [0x5d],
      [0x7d],
      [0x29],
      [0x28],
      [0x74],
      [0x85],
      [0x86],
      [0x30],
      [0x31],
      [0x32],
      [0x61],
      [0x65],
      [0x73],
      [0x75],
      [0x8f],
      [0x90],
      [0x91],
      [0x94],
      [0x68, 0],
      [0x68, 1],
      [0x71, 0],
      [0x51],
      [0x52],
      [0x62],
      [0x81],
      [0x92],
      [0x93],
      global('data.Thing'),
      global('data.first'),
    );
    fc.assert(
      fc.property(fc.array(instruction, { maxLength: 60 }), (code) => {
        try {
          read(pickled(code.flat()));
        } catch (error) {
          if (!(error instanceof LensError)) throw error;
        }
      }),
      { numRuns: 5000 },
    );
  });
});
