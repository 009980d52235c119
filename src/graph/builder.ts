import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataLocation,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './onnx_pb.js';

/** Largest file of external data, in bytes; below the largest buffer that browsers reliably allocate. */
const MAX_FILE_BYTES = 2 ** 30;
/** Every tensor starts at a multiple of this, so that typed arrays can view it. */
const ALIGNMENT = 64;

/** How weights are stored; float16 ones are widened inside the graph, which computes in float32 either way. */
export type WeightType = 'float32' | 'float16';

/** Where the graph expects one checkpoint tensor, whole, little-endian, in the graph's weight type. */
export interface WeightPlacement {
  readonly tensor: string;
  readonly elements: number;
  /** Name of the external data file. */
  readonly file: string;
  /** Offset in that file, in bytes. */
  readonly offset: number;
}

/** An ONNX model whose weights lie outside of it. */
export interface Graph {
  /** The serialised ModelProto. */
  readonly model: Uint8Array<ArrayBuffer>;
  readonly weights: readonly WeightPlacement[];
  /** Size of every external data file, in bytes. */
  readonly files: ReadonlyMap<string, number>;
  readonly nodes: number;
}

type Attribute = number | bigint | string | readonly bigint[];
/** A size, or the name of one that is known only when the graph runs. */
type Dimension = number | string;
export type ElementType = 'float32' | 'int32' | 'int64';

const TYPES: Record<ElementType, TensorProto_DataType> = {
  float32: TensorProto_DataType.FLOAT,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
};

/** Writes an ONNX graph node by node. Every method that adds a value gives that value's name. */
export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];
  readonly #placements = new Map<string, WeightPlacement>();
  readonly #constants = new Map<string, string>();
  readonly #files = new Map<string, number>();
  readonly #widened = new Map<string, string>();
  readonly #weightType: WeightType;
  readonly #fileName: (index: number) => string;

  /** @param options how weights are stored, and in files of which names */
  constructor(
    name: string,
    options: { readonly weightType?: WeightType; readonly fileName?: (index: number) => string } = {},
  ) {
    this.#name = name;
    this.#weightType = options.weightType ?? 'float32';
    this.#fileName = options.fileName ?? ((index) => `weights.${index}`);
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

  /** One node with the given number of outputs, 1 or 2. */
  nodeWithOutputs(
    opType: string,
    inputs: readonly string[],
    count: 1 | 2,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): [string, string] {
    const output = `${opType}.${this.#nodes.length}`;
    const outputs: [string, string] = [output, `${output}.1`];
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
    return outputs;
  }

  /**
   * A checkpoint tensor of `elements` values, or the part of it that starts at `from` and has this shape.
   * Parts share the tensor's bytes, so taking a part costs nothing.
   */
  weight(tensor: string, elements: number, shape: readonly number[], from = 0): string {
    const placement = this.#placements.get(tensor) ?? this.#place(tensor, elements);
    const name = from === 0 && size(shape) === elements ? tensor : `${tensor}[${from}:]`;
    if (!this.#initializers.some((known) => known.name === name)) {
      this.#initializers.push(
        create(TensorProtoSchema, {
          name,
          dims: shape.map(BigInt),
          dataType:
            this.#weightType === 'float32' ? TensorProto_DataType.FLOAT : TensorProto_DataType.FLOAT16,
          dataLocation: TensorProto_DataLocation.EXTERNAL,
          externalData: [
            { key: 'location', value: placement.file },
            { key: 'offset', value: String(placement.offset + from * this.#bytesPerWeight) },
            { key: 'length', value: String(size(shape) * this.#bytesPerWeight) },
          ],
        }),
      );
    }
    return this.#weightType === 'float32' ? name : this.#widen(name);
  }

  /** A small constant of int64, such as a shape. */
  ints(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.#constant(`ints(${values.join(',')})`, [values.length], TensorProto_DataType.INT64, data);
  }

  /** A scalar constant of float32. */
  float(value: number): string {
    return this.#constant(`float(${value})`, [], TensorProto_DataType.FLOAT, Float32Array.of(value));
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
      weights: [...this.#placements.values()],
      files: this.#files,
      nodes: this.#nodes.length,
    };
  }

  get #bytesPerWeight(): number {
    return this.#weightType === 'float32' ? 4 : 2;
  }

  /** The float32 form of a float16 weight; runtimes compute it once, when they load the model. */
  #widen(name: string): string {
    const known = this.#widened.get(name);
    if (known !== undefined) return known;
    const widened = this.node('Cast', [name], { to: BigInt(TensorProto_DataType.FLOAT) });
    this.#widened.set(name, widened);
    return widened;
  }

  #place(tensor: string, elements: number): WeightPlacement {
    const bytes = Math.ceil((elements * this.#bytesPerWeight) / ALIGNMENT) * ALIGNMENT;
    let file = this.#fileName(Math.max(0, this.#files.size - 1));
    let offset = this.#files.get(file) ?? 0;
    if (offset > 0 && offset + bytes > MAX_FILE_BYTES) {
      file = this.#fileName(this.#files.size);
      offset = 0;
    }
    this.#files.set(file, offset + bytes);
    const placement = { tensor, elements, file, offset };
    this.#placements.set(tensor, placement);
    return placement;
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

function size(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

function attribute(name: string, value: Attribute) {
  const { FLOAT, INT, INTS, STRING } = AttributeProto_AttributeType;
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: FLOAT, f: value });
  if (typeof value === 'bigint') return create(AttributeProtoSchema, { name, type: INT, i: value });
  if (typeof value === 'string')
    return create(AttributeProtoSchema, { name, type: STRING, s: new TextEncoder().encode(value) });
  return create(AttributeProtoSchema, { name, type: INTS, ints: [...value] });
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: 'tensorType',
        value: {
          elemType: TYPES[type],
          shape: {
            dim: shape.map((dimension) => ({
              value:
                typeof dimension === 'number'
                  ? { case: 'dimValue' as const, value: BigInt(dimension) }
                  : { case: 'dimParam' as const, value: dimension },
            })),
          },
        },
      },
    },
  });
}
