/** The random numbers of PyTorch and NumPy, so that a seed gives the same mask here as in Python. */
import { LensError } from '../base/errors.ts';

const N = 624;
const M = 397;

/** The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded with one integer. */
class MT19937 {
  readonly #state = new Uint32Array(N);
  #next = N;

  constructor(seed: number) {
    const state = this.#state;
    let previous = seed >>> 0;
    state[0] = previous;
    for (let j = 1; j < N; j++) {
      previous = (Math.imul(1812433253, previous ^ (previous >>> 30)) + j) >>> 0;
      state[j] = previous;
    }
  }

  /** The next 32 bits, as an unsigned integer. */
  next(): number {
    if (this.#next === N) this.#twist();
    let bits = this.#state[this.#next++] as number;
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    bits ^= bits >>> 18;
    return bits >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let k = 0; k < N; k++) {
      const mixed = ((state[k] as number) & 0x80000000) | ((state[(k + 1) % N] as number) & 0x7fffffff);
      state[k] = (state[(k + M) % N] as number) ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.#next = 0;
  }
}

/**
 * `torch.manual_seed(seed); torch.rand(count)` on the CPU: one draw per value, its low 24 bits times 2^-24.
 * Of the seed the low 32 bits count, so -1 and 4294967295 give the same numbers.
 * @param seed an integer from -2^63 to 2^64 - 1, as torch takes it; a bigint beyond ±(2^53 - 1)
 * @returns [count] values in [0, 1)
 * @throws LensError `seed-invalid`
 */
export function torchRand(seed: number | bigint, count: number): Float32Array {
  const generator = new MT19937(torchSeed(seed));
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = (generator.next() & 0xffffff) * 2 ** -24;
  return values;
}

/**
 * `np.random.seed(seed); np.random.uniform(size=count)`: two draws per value, 53 bits.
 * @param seed an integer from 0 to 2^32 - 1, as NumPy takes it
 * @returns [count] values in [0, 1)
 * @throws LensError `seed-invalid`
 */
export function numpyUniform(seed: number, count: number): Float64Array {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new LensError('seed-invalid/numpy', { seed });
  }
  const generator = new MT19937(seed);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const high = generator.next() >>> 5;
    const low = generator.next() >>> 6;
    values[i] = (high * 67108864 + low) / 9007199254740992;
  }
  return values;
}

/** The low 32 bits of a seed that torch accepts. */
function torchSeed(seed: number | bigint): number {
  // A number beyond 2^53 has already lost the bits that count.
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new LensError('seed-invalid/torch-number', { seed });
  }
  const exact = BigInt(seed);
  if (exact < -(2n ** 63n) || exact >= 2n ** 64n) {
    throw new LensError('seed-invalid/torch', { seed });
  }
  return Number(BigInt.asUintN(32, exact));
}
