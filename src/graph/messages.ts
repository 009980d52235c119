/**
 * ONNX's messages, as plain values and as bytes. Only what our graphs have: fields and their numbers are those of
 * onnx.proto3, a part of which lies in `testing/`, where tests read the bytes with a reader that was generated from it.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

export type Attribute = number | bigint | string | readonly bigint[];
/** A size, or the name of one that is known only when the graph runs. */
export type Dimension = number | string;
export type ElementType = 'float32' | 'float16' | 'int32' | 'int64';

/** TensorProto.DataType */
export const DATA_TYPES = { float32: 1, int8: 3, int32: 6, int64: 7, float16: 10 } as const;
/** AttributeProto.AttributeType */
const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, ints: 7 } as const;
/** TensorProto.DataLocation */
const EXTERNAL = 1;

export interface Node {
  readonly opType: string;
  readonly domain: string;
  readonly name: string;
  inputs: readonly string[];
  outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly Dimension[];
}

/** A constant: its bytes, or where they lie. */
export interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: keyof typeof DATA_TYPES;
  readonly data: Uint8Array | { readonly location: string; readonly offset: number; readonly length: number };
}

export interface Model {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly initializers: readonly Initializer[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** The operators' versions by domain. */
const OPERATOR_SETS = { '': 20, 'com.microsoft': 1 } as const;
const IR_VERSION = 10;

/** The serialised ModelProto. */
export function modelBytes(model: Model): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  int(writer, 1, IR_VERSION);
  text(writer, 2, 'mae-lens');
  message(writer, 7, () => {
    for (const node of model.nodes) message(writer, 1, () => writeNode(writer, node));
    text(writer, 2, model.name);
    for (const one of model.initializers) message(writer, 5, () => writeInitializer(writer, one));
    for (const input of model.inputs) message(writer, 11, () => writeValue(writer, input));
    for (const output of model.outputs) message(writer, 12, () => writeValue(writer, output));
  });
  for (const [domain, version] of Object.entries(OPERATOR_SETS))
    message(writer, 8, () => {
      text(writer, 1, domain);
      int(writer, 2, version);
    });
  return writer.finish();
}

function writeNode(writer: BinaryWriter, { inputs, outputs, name, opType, attributes, domain }: Node): void {
  for (const input of inputs) text(writer, 1, input);
  for (const output of outputs) text(writer, 2, output);
  text(writer, 3, name);
  text(writer, 4, opType);
  for (const [key, value] of Object.entries(attributes))
    message(writer, 5, () => writeAttribute(writer, key, value));
  text(writer, 7, domain);
}

function writeAttribute(writer: BinaryWriter, name: string, value: Attribute): void {
  text(writer, 1, name);
  let type: number;
  if (typeof value === 'number') {
    writer.tag(2, WireType.Bit32).float(value);
    type = ATTRIBUTE_TYPES.float;
  } else if (typeof value === 'bigint') {
    int(writer, 3, value);
    type = ATTRIBUTE_TYPES.int;
  } else if (typeof value === 'string') {
    text(writer, 4, value);
    type = ATTRIBUTE_TYPES.string;
  } else {
    for (const one of value) int(writer, 8, one);
    type = ATTRIBUTE_TYPES.ints;
  }
  int(writer, 20, type);
}

function writeInitializer(writer: BinaryWriter, { name, shape, type, data }: Initializer): void {
  for (const size of shape) int(writer, 1, size);
  int(writer, 2, DATA_TYPES[type]);
  text(writer, 8, name);
  if (data instanceof Uint8Array) {
    writer.tag(9, WireType.LengthDelimited).bytes(data);
    return;
  }
  for (const [key, value] of Object.entries(data))
    message(writer, 13, () => {
      text(writer, 1, key);
      text(writer, 2, String(value));
    });
  int(writer, 14, EXTERNAL);
}

function writeValue(writer: BinaryWriter, { name, type, shape }: Value): void {
  text(writer, 1, name);
  // TypeProto, its tensor_type, that one's shape, and a dimension each.
  message(writer, 2, () =>
    message(writer, 1, () => {
      int(writer, 1, DATA_TYPES[type]);
      message(writer, 2, () => {
        for (const size of shape)
          message(writer, 1, () => (typeof size === 'number' ? int(writer, 1, size) : text(writer, 2, size)));
      });
    }),
  );
}

function int(writer: BinaryWriter, field: number, value: number | bigint): void {
  writer.tag(field, WireType.Varint).int64(value);
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.tag(field, WireType.LengthDelimited).string(value);
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write();
  writer.join();
}
