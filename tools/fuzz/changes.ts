/** What can happen to a file or an answer, as values that fast-check can make smaller until only the cause is left. */
import fc from 'fast-check';

/** A place: counted from the beginning, or from the end where it is negative. */
const place = fc.oneof(fc.nat(300), fc.integer({ min: -600, max: -1 }), fc.nat(2 ** 18));

const PIECES = [
  '\0\0\0\0\0\0\0\0',
  '\xff\xff\xff\xff\xff\xff\xff\xff',
  '{',
  '"',
  '[',
  '-1',
  '1e999',
  'null',
  '\n',
];

const change = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('set' as const), at: place, value: fc.nat(255) }) },
  fc.record({ kind: fc.constant('cut' as const), at: place, length: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant('repeat' as const), at: place, length: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: place, piece: fc.constantFrom(...PIECES) }),
  fc.record({ kind: fc.constant('end' as const), at: place }),
);
export type ByteChange = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** One to four changes of bytes, one after another. */
export const byteChanges = fc.array(change, { minLength: 1, maxLength: 4 });

export function changedBytes(
  bytes: Uint8Array<ArrayBuffer>,
  changes: readonly ByteChange[],
): Uint8Array<ArrayBuffer> {
  const apply = (before: Uint8Array, made: ByteChange): Uint8Array<ArrayBuffer> => {
    const at = ((made.at % (before.length + 1)) + before.length + 1) % (before.length + 1);
    const [head, tail] = [before.subarray(0, at), before.subarray(at)];
    switch (made.kind) {
      case 'set':
        return joined(head, Uint8Array.of(made.value), tail.subarray(1));
      case 'cut':
        return joined(head, tail.subarray(made.length));
      case 'repeat':
        return joined(head, tail.subarray(0, made.length), tail);
      case 'insert':
        return joined(
          head,
          Uint8Array.from(made.piece, (character) => character.charCodeAt(0)),
          tail,
        );
      case 'end':
        return joined(head);
    }
  };
  return changes.reduce(apply, bytes);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const replacement = fc.record({
  /** Which of the values, counted through the whole. */
  at: fc.nat(2 ** 16),
  /** Undefined takes it out. */
  value: fc.option(
    fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(0, -1, 0.5, 1e9, 2 ** 53, '', '../..', [], {}, true, null),
    ),
    { nil: undefined },
  ),
});
export type JsonChange = typeof replacement extends fc.Arbitrary<infer T> ? T : never;

/** One to three values of a JSON document that become others, or go. */
export const jsonChanges = fc.array(replacement, { minLength: 1, maxLength: 3 });

export function changedJson(json: unknown, changes: readonly JsonChange[]): unknown {
  return changes.reduce<unknown>((before, { at, value }) => {
    const root = { root: structuredClone(before) };
    const places: { holder: Record<string, unknown>; key: string }[] = [];
    const visit = (holder: Record<string, unknown>): void => {
      for (const key of Object.keys(holder)) {
        places.push({ holder, key });
        const inner = holder[key];
        if (typeof inner === 'object' && inner !== null) visit(inner as Record<string, unknown>);
      }
    };
    visit(root);
    const found = places[at % places.length];
    if (found === undefined) return before;
    if (value === undefined) delete found.holder[found.key];
    else found.holder[found.key] = value;
    return root.root;
  }, json);
}
