/** What the masking strategies share: masks from a choice of masked cells. */
import { lenKeep, type Masking, maskFromIds } from '../masking.ts';

/** How many of `length` patches the ratio hides: the reference keeps `lenKeep` of them. */
export function maskedCount(length: number, maskRatio: number): number {
  return length - lenKeep(length, maskRatio);
}

/** The mask that hides the patches of which `isMasked` says so; the encoder sees the others in image order. */
export function maskingWhere(length: number, isMasked: (id: number) => boolean): Masking {
  const idsKeep: number[] = [];
  for (let id = 0; id < length; id++) if (!isMasked(id)) idsKeep.push(id);
  return maskFromIds(idsKeep, length);
}

/** The mask that hides the first `count` patches of `order`; the encoder sees the others in image order. */
export function maskFirst(order: readonly number[], count: number): Masking {
  const masked = new Set(order.slice(0, count));
  return maskingWhere(order.length, (id) => masked.has(id));
}

/** All patches, those with the smallest key first; equal keys keep the image's order. */
export function orderBy(length: number, key: (id: number) => number): number[] {
  const keys = Float64Array.from({ length }, (_, id) => key(id));
  return Array.from(keys.keys()).sort((a, b) => (keys[a] as number) - (keys[b] as number) || a - b);
}
