import { create, toBinary } from '@bufbuild/protobuf';
import { type Attribute, attribute, type Dimension, type ElementType, valueInfo } from './messages.ts';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
} from './onnx_pb.js';
import {
  aligned,
  type MatrixPart,
  nameOf,
  type Place,
  totalOut,
  WEIGHT_BYTES,
  WeightFiles,
  type WeightPlacement,
  type WeightType,
} from './placement.ts';

export interface BuilderOptions {
  readonly weightType?: WeightType;
  /** float16 needs float16 weights; float16 weights are widened inside the graph where it computes in float32. */
  readonly computeType?: WeightType;
  readonly fileName?: (index: number) => string;
}

/** An ONNX model whose weights lie outside of it. */
export interface Graph {
  /** The serialised ModelProto. */
  readonly model: Uint8Array<ArrayBuffer>;
  readonly weights: readonly WeightPlacement[];
  /** Size of every external data file, in bytes. */
  readonly files: ReadonlyMap<string, number>;
}

/** The names of a node's outputs, by their number. */
interface Names {
  readonly 1: [string];
  readonly 2: [string, string];
  readonly 3: [string, string, string];
  readonly 4: [string, string, string, string];
}

/** Writes an ONNX graph node by node. Every method that adds a value gives that value's name. */
export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #constants = new Map<string, string>();
  readonly #files: WeightFiles;
  readonly #widened = new Map<string, string>();
  readonly #weightType: WeightType;
  readonly #computeType: WeightType;

  /** @param options how weights are stored, and in files of which names */
  constructor(name: string, options: BuilderOptions = {}) {
    this.#name = name;
    this.#weightType = options.weightType ?? 'float32';
    this.#computeType = options.computeType ?? 'float32';
    this.#files = new WeightFiles(this.#weightType, options.fileName ?? ((index) => `weights.${index}`));
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, type, shape));
    return name;
  }

  /** Makes a node's value an output of the graph, and gives it this name; use the name from here on. */
  output(value: string, name: string, shape: readonly Dimension[], type: ElementType = 'float32'): void {
    const rename = (known: string) => (known === value ? name : known);
    for (const node of this.#nodes) {
      node.input = node.input.map(rename);
      node.output = node.output.map(rename);
    }
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** One node with one output. Integers are bigint, floats are number, as ONNX tells them apart. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): string {
    return this.nodeWithOutputs(opType, inputs, 1, attributes, domain)[0];
  }

  /** One node with several outputs; those whose index is in `unused` are left out. */
  nodeWithOutputs<Count extends keyof Names>(
    opType: string,
    inputs: readonly string[],
    count: Count,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
    unused: readonly number[] = [],
  ): Names[Count] {
    const output = `${opType}.${this.#nodes.length}`;
    const name = (i: number) => (unused.includes(i) ? '' : i === 0 ? output : `${output}.${i}`);
    const outputs: Names[4] = [name(0), name(1), name(2), name(3)];
    this.#nodes.push(
      create(NodeProtoSchema, {
        opType,
        domain,
        name: output,
        input: [...inputs],
        output: outputs.slice(0, count),
        attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
      }),
    );
    return outputs as readonly string[] as Names[Count];
  }

  /**
   * A checkpoint tensor of `elements` values, or the part of it that starts at `from` and has this shape.
   * Parts share the tensor's bytes, so taking a part costs nothing.
   */
  weight(tensor: string, elements: number, shape: readonly number[], from = 0): string {
    const placement = this.#files.placements.get(tensor) ?? this.#files.placePlain([tensor], elements);
    const name = from === 0 && size(shape) === elements ? tensor : `${tensor}[${from}:]`;
    const at = { ...placement, offset: placement.offset + from * this.#files.bytesPerWeight };
    return this.#external(name, this.#weightType, shape, at);
  }

  /** Vectors of `elements` values each, one after another. */
  vectors(tensors: readonly string[], elements: number): string {
    const [first, ...more] = tensors;
    if (first !== undefined && more.length === 0) return this.weight(first, elements, [elements]);
    const at = this.#files.placePlain(tensors, elements);
    return this.#external(tensors.join('+'), this.#weightType, [tensors.length * elements], at);
  }

  /** Linear weights, one below the other as PyTorch stores them: [sum of out, in]. */
  rows(parts: readonly MatrixPart[], inWidth: number): string {
    const [first] = parts;
    const total = totalOut(parts);
    if (first === undefined || parts.some(({ out }) => out !== first.out))
      throw new RangeError('rows takes matrices of one size');
    const at = this.#files.placePlain(
      parts.map(({ tensor }) => tensor),
      first.out * inWidth,
    );
    return this.#external(nameOf(parts), this.#weightType, [total, inWidth], at);
  }

  /** Linear weights, transposed and side by side: [in, sum of out]. */
  columns(parts: readonly MatrixPart[], inWidth: number): string {
    const total = totalOut(parts);
    const at = this.#files.reserve(total * inWidth * this.#files.bytesPerWeight);
    this.#files.placeColumns(parts, inWidth, at, { kind: 'columns', type: this.#weightType });
    return this.#external(nameOf(parts), this.#weightType, [inWidth, total], at);
  }

  /** Linear weights as `columns` gives them, but rounded to int8, and the scale of each column. */
  int8Columns(parts: readonly MatrixPart[], inWidth: number): { values: string; scales: string } {
    const total = totalOut(parts);
    const valueBytes = aligned(total * inWidth);
    const at = this.#files.reserve(valueBytes + total * Float32Array.BYTES_PER_ELEMENT);
    const scalesOffset = at.offset + valueBytes;
    this.#files.placeColumns(parts, inWidth, at, { kind: 'int8-columns', scalesOffset });
    return {
      values: this.#external(nameOf(parts), 'int8', [inWidth, total], at),
      scales: this.#external(`${nameOf(parts)}.scale`, 'float32', [total], {
        ...at,
        offset: scalesOffset,
      }),
    };
  }

  /** A float32 value in the type that the graph computes in. */
  toComputeType(value: string): string {
    if (this.#computeType === 'float32') return value;
    return this.node('Cast', [value], { to: BigInt(TensorProto_DataType.FLOAT16) });
  }

  /** A value of the type that the graph computes in, as float32. */
  toFloat32(value: string): string {
    if (this.#computeType === 'float32') return value;
    return this.node('Cast', [value], { to: BigInt(TensorProto_DataType.FLOAT) });
  }

  /** A small constant of int64, such as a shape. */
  ints(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.#constant(`ints(${values.join(',')})`, [values.length], TensorProto_DataType.INT64, data);
  }

  /** A scalar constant in the type that the graph computes in. */
  float(value: number): string {
    const constant = this.#constant(
      `float(${value})`,
      [],
      TensorProto_DataType.FLOAT,
      Float32Array.of(value),
    );
    return this.toComputeType(constant);
  }

  finish(): Graph {
    const model = create(ModelProtoSchema, {
      irVersion: 10n,
      producerName: 'mae-lens',
      opsetImport: [
        { domain: '', version: 20n },
        { domain: 'com.microsoft', version: 1n },
      ],
      graph: create(GraphProtoSchema, {
        name: this.#name,
        node: this.#nodes,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      }),
    });
    return {
      model: toBinary(ModelProtoSchema, model),
      weights: [...this.#files.placements.values()],
      files: this.#files.sizes,
    };
  }

  /** A float16 weight as float32; runtimes compute it once, when they load the model. */
  #widen(name: string): string {
    const known = this.#widened.get(name);
    if (known !== undefined) return known;
    const widened = this.node('Cast', [name], { to: BigInt(TensorProto_DataType.FLOAT) });
    this.#widened.set(name, widened);
    return widened;
  }

  /** An initializer in a file; widened where the graph computes in more than the file has. */
  #external(
    name: string,
    type: WeightType | 'int8',
    shape: readonly number[],
    { file, offset }: Place,
  ): string {
    if (!this.#initializers.some((known) => known.name === name)) {
      this.#initializers.push(
        create(TensorProtoSchema, {
          name,
          dims: shape.map(BigInt),
          dataType: STORED[type],
          dataLocation: TensorProto_DataLocation.EXTERNAL,
          externalData: [
            { key: 'location', value: file },
            { key: 'offset', value: String(offset) },
            { key: 'length', value: String(size(shape) * WEIGHT_BYTES[type]) },
          ],
        }),
      );
    }
    return type === 'float16' && this.#computeType === 'float32' ? this.#widen(name) : name;
  }

  #constant(
    name: string,
    shape: readonly number[],
    dataType: TensorProto_DataType,
    data: BigInt64Array | Float32Array,
  ): string {
    const known = this.#constants.get(name);
    if (known !== undefined) return known;
    this.#initializers.push(
      create(TensorProtoSchema, {
        name,
        dims: shape.map(BigInt),
        dataType,
        rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      }),
    );
    this.#constants.set(name, name);
    return name;
  }
}

const STORED = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  int8: TensorProto_DataType.INT8,
} as const;

function size(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
