/** Which patches the encoder sees: the reference's random masking, and masks from an explicit choice. */
import { LensError } from '../base/errors.ts';

/** A mask in the forms that encoder, decoder and loss take. */
export interface Masking {
  /** [L]: all patches, the kept ones first. */
  readonly idsShuffle: Int32Array;
  /** [len_keep]: the kept patches, in the order in which the encoder sees them. */
  readonly idsKeep: Int32Array;
  /** [L]: where in `idsShuffle` each patch stands. */
  readonly idsRestore: Int32Array;
  /** [L]: 0 = kept, 1 = removed. */
  readonly mask: Uint8Array;
}

/**
 * How many of `length` patches are kept: `int(L * (1 - mask_ratio))`, in doubles as in Python.
 * @throws LensError `mask-invalid` when the ratio is not in [0, 1]
 */
export function lenKeep(length: number, maskRatio: number): number {
  if (!(maskRatio >= 0 && maskRatio <= 1)) {
    throw new LensError('mask-invalid/ratio', { ratio: maskRatio });
  }
  return Math.trunc(length * (1 - maskRatio));
}

/**
 * The reference's `random_masking`: the patches with the smallest noise are kept. Equal values keep their order.
 * @param noise [L], as the generator gave it; float64 noise must not be rounded to float32 first
 * @param maskRatio the part to remove, from 0 to 1
 * @throws LensError `mask-invalid` for another ratio, or for noise that has no order (NaN)
 */
export function randomMasking(noise: ArrayLike<number>, maskRatio: number): Masking {
  const length = noise.length;
  const keep = lenKeep(length, maskRatio);
  const idsShuffle = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    if (Number.isNaN(noise[i])) {
      throw new LensError('mask-invalid/noise-without-order', { patch: i });
    }
    idsShuffle[i] = i;
  }
  // Falls through to the index for equal values, infinite ones included (their difference is NaN).
  idsShuffle.sort((a, b) => (noise[a] as number) - (noise[b] as number) || a - b);
  return fromShuffle(idsShuffle, keep);
}

/**
 * The mask that keeps exactly the given patches.
 * @param idsKeep the kept patches, in the order in which the encoder shall see them
 * @param length L
 * @throws LensError `mask-invalid` when one is not a patch of the image, or comes twice
 */
export function maskFromIds(idsKeep: ArrayLike<number>, length: number): Masking {
  const idsShuffle = new Int32Array(length);
  const seen = new Uint8Array(length);
  for (let i = 0; i < idsKeep.length; i++) {
    const id = idsKeep[i] as number;
    if (!Number.isInteger(id) || id < 0 || id >= length) {
      throw new LensError('mask-invalid/no-such-patch', { patch: id, patches: length });
    }
    if (seen[id] === 1) throw new LensError('mask-invalid/patch-twice', { patch: id });
    seen[id] = 1;
    idsShuffle[i] = id;
  }
  let next = idsKeep.length;
  for (let id = 0; id < length; id++) if (seen[id] === 0) idsShuffle[next++] = id;
  return fromShuffle(idsShuffle, idsKeep.length);
}

function fromShuffle(idsShuffle: Int32Array, keep: number): Masking {
  const idsRestore = new Int32Array(idsShuffle.length);
  const mask = new Uint8Array(idsShuffle.length);
  idsShuffle.forEach((id, place) => {
    idsRestore[id] = place;
    mask[id] = place < keep ? 0 : 1;
  });
  return { idsShuffle, idsKeep: idsShuffle.slice(0, keep), idsRestore, mask };
}
