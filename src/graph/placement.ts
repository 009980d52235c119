/** Where the weights of a graph lie: in files beside it, one tensor after another. */

/** Largest file of external data, in bytes; below the largest buffer that browsers reliably allocate. */
const MAX_FILE_BYTES = 2 ** 30;
/** Every tensor starts at a multiple of this, so that typed arrays can view it. */
const ALIGNMENT = 64;

/** How weights are stored. */
export type WeightType = 'float32' | 'float16';

/** Size of a value as it is stored. */
export const WEIGHT_BYTES = { float32: 4, float16: 2, int8: 1 } as const;

/** Where the graph expects one checkpoint tensor, whole, little-endian. */
export interface WeightPlacement {
  readonly tensor: string;
  readonly elements: number;
  /** Name of the external data file. */
  readonly file: string;
  /** Offset in that file, in bytes. */
  readonly offset: number;
  readonly encoding: WeightEncoding;
}

/** What becomes of a checkpoint tensor's values in the file. */
type WeightEncoding =
  | { readonly kind: 'plain'; readonly type: WeightType }
  | ({ readonly kind: 'columns'; readonly type: WeightType } & Columns)
  /** Rounded to int8, with one float32 scale for each column, the first at `scalesOffset` bytes in the file. */
  | ({ readonly kind: 'int8-columns'; readonly scalesOffset: number } & Columns);

/**
 * A tensor [out, in] as the columns `first` to `first + out` of a matrix [in, columns], whose first value is at the
 * placement's offset.
 */
export interface Columns {
  readonly out: number;
  readonly columns: number;
  readonly first: number;
}

/** A linear layer's tensor [out, in] under its name; several of them make one matrix. */
export interface MatrixPart {
  readonly tensor: string;
  readonly out: number;
}

/** A place in the files of weights. */
export type Place = Pick<WeightPlacement, 'file' | 'offset'>;

/** Gives every weight its place in the files. */
export class WeightFiles {
  /** Every tensor that has a place. */
  readonly placements = new Map<string, WeightPlacement>();
  /** Size of every file, in bytes. */
  readonly sizes = new Map<string, number>();
  readonly #type: WeightType;
  readonly #fileName: (index: number) => string;

  constructor(type: WeightType, fileName: (index: number) => string) {
    this.#type = type;
    this.#fileName = fileName;
  }

  get bytesPerWeight(): number {
    return WEIGHT_BYTES[this.#type];
  }

  /** Tensors of `elements` values each, one after another; gives where the first one is. */
  placePlain(tensors: readonly string[], elements: number): Place {
    const bytes = elements * this.bytesPerWeight;
    const at = this.reserve(bytes * tensors.length);
    tensors.forEach((tensor, i) => {
      const offset = at.offset + i * bytes;
      const encoding = { kind: 'plain', type: this.#type } as const;
      this.placements.set(tensor, { tensor, elements, file: at.file, offset, encoding });
    });
    return at;
  }

  /** Tensors [out, in] as the columns of one matrix, which starts at the place that `reserve` gave. */
  placeColumns(
    parts: readonly MatrixPart[],
    inWidth: number,
    { file, offset }: Place,
    encoding:
      | { readonly kind: 'columns'; readonly type: WeightType }
      | { readonly kind: 'int8-columns'; readonly scalesOffset: number },
  ): void {
    const columns = totalOut(parts);
    let first = 0;
    for (const { tensor, out } of parts) {
      const elements = out * inWidth;
      this.placements.set(tensor, {
        tensor,
        elements,
        file,
        offset,
        encoding: { ...encoding, out, columns, first },
      });
      first += out;
    }
  }

  /** Room for so many bytes. */
  reserve(size: number): Place {
    const bytes = aligned(size);
    let file = this.#fileName(Math.max(0, this.sizes.size - 1));
    let offset = this.sizes.get(file) ?? 0;
    if (offset > 0 && offset + bytes > MAX_FILE_BYTES) {
      file = this.#fileName(this.sizes.size);
      offset = 0;
    }
    this.sizes.set(file, offset + bytes);
    return { file, offset };
  }
}

export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

export function totalOut(parts: readonly MatrixPart[]): number {
  return parts.reduce((sum, { out }) => sum + out, 0);
}

export function nameOf(parts: readonly MatrixPart[]): string {
  return parts.map(({ tensor }) => tensor).join('+');
}
