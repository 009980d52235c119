import { transfer } from 'comlink';

/** An answer whose numbers move to the other thread; they are gone from this one. */
export function transferred<T>(answer: T): T {
  return transfer(answer, [...buffersOf(answer)]);
}

/** The memory of all typed arrays in it, each once. */
export function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) buffersOf(part, found);
  }
  return found;
}
