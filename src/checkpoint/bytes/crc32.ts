/** CRC-32 as zip archives have it. */
import { createCRC32, type IHasher } from 'hash-wasm';

/** Takes bytes from front to back. */
export interface RunningCrc32 {
  take(bytes: Uint8Array): void;
  /** Of all that was taken. */
  value(): number;
}

let shared: Promise<IHasher> | undefined;

/** Makes what begins a checksum, without waiting; several may run side by side. */
export async function loadCrc32(): Promise<() => RunningCrc32> {
  shared ??= createCRC32();
  const hasher = await shared;
  return () => {
    let state = hasher.init().save();
    return {
      take(bytes) {
        state = hasher.load(state).update(bytes).save();
      },
      value: () => Number.parseInt(hasher.load(state).digest('hex'), 16),
    };
  };
}
