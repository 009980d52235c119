import { createSHA256, type IHasher } from 'hash-wasm';
import { throwIfCancelled } from '../../base/cancel.ts';

/** Pieces in which a part that is already there is read, to go on with its hash. */
const HASH_BYTES = 4 * 2 ** 20;

/** Whether the bytes of a blob have this SHA-256, in hex. */
export async function hasSha256(
  blob: Blob,
  expected: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return (await hashOf(blob, signal)).digest() === expected;
}

/** The SHA-256 of a blob's bytes, ready to go on with more. */
export async function hashOf(blob: Blob, signal: AbortSignal | undefined): Promise<IHasher> {
  const hash = (await createSHA256()).init();
  for (let at = 0; at < blob.size; at += HASH_BYTES) {
    throwIfCancelled(signal);
    hash.update(new Uint8Array(await blob.slice(at, at + HASH_BYTES).arrayBuffer()));
  }
  return hash;
}
