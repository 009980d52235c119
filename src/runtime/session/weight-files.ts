/**
 * A graph's external data as files that are never whole: the runtime takes them tensor by tensor, and each is read
 * from the checkpoint and packed when it is taken.
 */
import type { ReadTensor } from '../../checkpoint/checkpoint.ts';
import type { Graph } from '../../graph/builder.ts';
import { WEIGHT_BYTES, type WeightPlacement } from '../../graph/placement.ts';
import {
  encodeColumns,
  encodeInt8Columns,
  encodePlain,
  int8Scales,
  reusedMemory,
} from './weight-encoding.ts';

/** Of the widest value, so that typed arrays can view it. */
const ALIGNMENT = 4;

export interface WeightFiles {
  /** As the runtime's session options have it. */
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** What went wrong while the runtime took weights, which itself only says that something did. */
  failure(): unknown;
}

/** What one tensor gives to the bytes [start, end) of its file; others may give the rest. */
interface Share {
  readonly start: number;
  readonly end: number;
  /** @param into the bytes [start, end) */
  fill(into: Uint8Array<ArrayBuffer>): void;
}

/**
 * @param read null where the graph has no weights
 * @throws RangeError when it has some
 */
export function weightFiles(
  { files, weights }: Pick<Graph, 'files' | 'weights'>,
  read: ReadTensor | null,
): WeightFiles {
  const [weight] = weights;
  if (weight === undefined) return { externalData: [], failure: () => undefined };
  if (read === null) throw new RangeError(`no weights for ${weight.tensor}`);
  let failure: unknown;
  const valuesOf = sharedValues(read);
  const room = reusedMemory();
  const externalData = Array.from(files, ([path, bytes]) => {
    const placed = weights.filter(({ file }) => file === path);
    const shares = placed.flatMap((placement) => sharesOf(placement, () => valuesOf(placement)));
    const take = (start: number, end: number) => {
      try {
        return bytesOf(shares, start, end, room);
      } catch (error) {
        failure ??= error;
        throw error;
      }
    };
    return { path, data: new UnreadFile(bytes, take) };
  });
  return { externalData, failure: () => failure };
}

/**
 * The runtime asks for `byteLength`, then for `subarray`s, of which it copies each before it asks for the next
 * (onnxruntime's core/providers/webgpu/external_data_loader.cc, and weight-files.test.ts).
 */
class UnreadFile extends Uint8Array {
  readonly #take: (start: number, end: number) => Uint8Array<ArrayBuffer>;

  constructor(bytes: number, take: (start: number, end: number) => Uint8Array<ArrayBuffer>) {
    super(0);
    Object.defineProperty(this, 'byteLength', { value: bytes });
    this.#take = take;
  }

  override subarray(start = 0, end = this.byteLength): Uint8Array<ArrayBuffer> {
    return this.#take(start, end);
  }
}

/** A tensor as the checkpoint has it; good only until the next is read, which comes into the same memory. */
type Values = Float32Array<ArrayBuffer>;

function sharedValues(read: ReadTensor): (placement: WeightPlacement) => Values {
  const room = reusedMemory();
  return ({ tensor, elements }) => {
    const values = new Float32Array(room(elements * WEIGHT_BYTES.float32).buffer, 0, elements);
    read(tensor, values);
    return values;
  };
}

/** The bytes [start, end) of a file; what no tensor gives is zero. */
function bytesOf(
  shares: readonly Share[],
  start: number,
  end: number,
  room: (bytes: number) => Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const wanted = shares.filter((share) => share.start < end && share.end > start);
  // Also where only a part of a tensor is taken, all of it is made.
  const first = Math.min(start, ...wanted.map((share) => share.start));
  const from = first - (first % ALIGNMENT);
  const to = Math.max(end, ...wanted.map((share) => share.end));
  const bytes = room(to - from).fill(0);
  for (const share of wanted) share.fill(bytes.subarray(share.start - from, share.end - from));
  return bytes.subarray(start - from, end - from);
}

function sharesOf({ encoding, offset, elements }: WeightPlacement, values: () => Values): Share[] {
  switch (encoding.kind) {
    case 'plain': {
      const bytes = elements * WEIGHT_BYTES[encoding.type];
      return [share(offset, bytes, (into) => encodePlain(encoding.type, values(), into))];
    }
    case 'columns': {
      const bytes = (elements / encoding.out) * encoding.columns * WEIGHT_BYTES[encoding.type];
      return [share(offset, bytes, (into) => encodeColumns(encoding.type, values(), encoding, into))];
    }
    case 'int8-columns': {
      // The runtime takes values and scales apart, in any order. The scales are small enough to keep.
      let known: Float32Array | null = null;
      const scalesOf = (tensor: Values) => {
        known ??= int8Scales(tensor, encoding.out);
        return known;
      };
      const pack = (into: Uint8Array<ArrayBuffer>) => {
        const tensor = values();
        encodeInt8Columns(tensor, scalesOf(tensor), encoding, into);
      };
      const packScales = ({ buffer, byteOffset }: Uint8Array<ArrayBuffer>) =>
        new Float32Array(buffer, byteOffset, encoding.columns).set(
          known ?? scalesOf(values()),
          encoding.first,
        );
      return [
        share(offset, (elements / encoding.out) * encoding.columns, pack),
        share(encoding.scalesOffset, encoding.columns * Float32Array.BYTES_PER_ELEMENT, packScales),
      ];
    }
  }
}

function share(start: number, length: number, fill: Share['fill']): Share {
  return { start, end: start + length, fill };
}
