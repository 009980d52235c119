/** Weights in several files, with an index beside them: model.safetensors.index.json, pytorch_model.bin.index.json. */

import { throwIfCancelled } from '../../base/cancel.ts';
import type { ByteSource } from '../bytes/bytes.ts';
import { readJson } from '../bytes/json.ts';
import { refusalOf } from '../bytes/refusal.ts';
import { brief, quote } from '../bytes/words.ts';
import { extensionOfShards } from '../file-names.ts';
import type { StoredTensor, TensorIndex } from '../tensors/tensors.ts';

/**
 * The tensors of all shards that the index names.
 * @param find the file of that name; throws when there is none
 * Rejects with what `find` and `read` throw, and with `checkpoint-malformed` when the index is not sound.
 */
export async function readShards(
  index: ByteSource,
  find: (shard: string) => ByteSource,
  read: (source: ByteSource) => Promise<TensorIndex>,
  signal?: AbortSignal,
): Promise<TensorIndex> {
  const shardOf = await readShardMap(index);
  const shards = new Map<string, ReadonlyMap<string, StoredTensor>>();
  for (const shard of new Set(shardOf.values())) {
    throwIfCancelled(signal);
    shards.set(shard, (await read(find(shard))).tensors);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [name, shard] of shardOf) {
    const held = shards.get(shard);
    // TensorFlow's index has the model's name before those that the shards have.
    const tensor = held?.get(name) ?? held?.get(name.slice(name.indexOf('/') + 1));
    if (tensor === undefined) {
      const names = { tensor: quote(name), shard: quote(shard) };
      throw refusalOf(index.name)('checkpoint-malformed/tensor-not-in-shard', names);
    }
    tensors.set(name, tensor);
  }
  return { tensors, metadata: new Map() };
}

/** Tensor → file that holds it. Rejects with `checkpoint-malformed` when it does not say that. */
export async function readShardMap(index: ByteSource): Promise<ReadonlyMap<string, string>> {
  const refuse = refusalOf(index.name);
  const json = await readJson(index, 'checkpoint-malformed');
  const map = isObject(json) ? json.weight_map : undefined;
  if (!isObject(map)) throw refuse('checkpoint-malformed/index-without-map');
  const extension = extensionOfShards(index.name);
  const shardOf = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(map)) {
    if (typeof shard !== 'string' || !isShardName(shard, extension)) {
      throw refuse('checkpoint-malformed/index-leads-elsewhere', {
        tensor: quote(tensor),
        shard: brief(shard),
        extension,
      });
    }
    shardOf.set(tensor, shard);
  }
  return shardOf;
}

/** A plain file name: an index must not send the page to another folder or site. */
function isShardName(name: string, extension: string): boolean {
  return name.endsWith(extension) && !/[/\\]/.test(name);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
