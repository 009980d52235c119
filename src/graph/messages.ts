/** ONNX's messages, from plain values. */
import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  TensorProto_DataType,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './onnx_pb.js';

export type Attribute = number | bigint | string | readonly bigint[];
/** A size, or the name of one that is known only when the graph runs. */
export type Dimension = number | string;
export type ElementType = 'float32' | 'float16' | 'int32' | 'int64';

const TYPES: Record<ElementType, TensorProto_DataType> = {
  float32: TensorProto_DataType.FLOAT,
  float16: TensorProto_DataType.FLOAT16,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
};

export function attribute(name: string, value: Attribute) {
  const { FLOAT, INT, INTS, STRING } = AttributeProto_AttributeType;
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: FLOAT, f: value });
  if (typeof value === 'bigint') return create(AttributeProtoSchema, { name, type: INT, i: value });
  if (typeof value === 'string')
    return create(AttributeProtoSchema, { name, type: STRING, s: new TextEncoder().encode(value) });
  return create(AttributeProtoSchema, { name, type: INTS, ints: [...value] });
}

export function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): ValueInfoProto {
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
