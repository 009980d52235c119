import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { expectedTensors } from '../../src/checkpoint/names/parameters.ts';
import { parseConfig } from '../../src/mae/config.ts';
import { torchRand } from '../../src/mae/random.ts';

const BLOCK_VALUES = 2 ** 20;

/**
 * Writes a model.safetensors of the real size for a config, in float32. Its numbers are small and without meaning,
 * the same block again and again: memory does not depend on them.
 * @returns the size of the weights, in bytes
 */
export async function writeCheckpoint(configJson: unknown, file: string): Promise<number> {
  const tensors = expectedTensors(parseConfig(configJson));
  const header: Record<string, unknown> = {};
  let bytes = 0;
  for (const [name, shape] of tensors) {
    const end = bytes + 4 * shape.reduce((product, side) => product * side, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [bytes, end] };
    bytes = end;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(text.length), true);

  const block = torchRand(1, BLOCK_VALUES).map((value) => 0.04 * (value - 0.5));
  const values = new Uint8Array(block.buffer);
  const stream = createWriteStream(file);
  const put = async (part: Uint8Array) => {
    if (!stream.write(part)) await once(stream, 'drain');
  };
  await put(new Uint8Array(length.buffer));
  await put(text);
  for (let written = 0; written < bytes; written += values.length)
    await put(values.subarray(0, Math.min(values.length, bytes - written)));
  stream.end();
  await once(stream, 'close');
  return bytes;
}
