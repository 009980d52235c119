/**
 * Python's pickle as a file format: a small stack machine, protocols 2 to 5, which builds data and runs nothing. What
 * classes and functions mean is the vocabulary's business; one that it does not know ends the reading.
 * Format: CPython's Lib/pickletools.py. Instructions of the text protocols 0 and 1, of the extension registry and of
 * buffers outside of the file are refused: torch.save writes none of them.
 */
import type { LensError } from '../../base/errors.ts';
import { brief, bytesInWords, quote } from '../bytes/words.ts';

/** A tuple; a list is an array, a dict a Map. */
export class Tuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** A class or function that the vocabulary knows. */
export class Callable {
  /** With its module: "collections.OrderedDict". */
  readonly name: string;
  /** What stands for a call; must not take longer for larger arguments, which cost the file nothing to repeat. */
  readonly call: (args: readonly unknown[]) => unknown;

  constructor(name: string, call: (args: readonly unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

/** An object that is data and nothing else, such as the Namespace of a program's arguments. */
export class Instance {
  readonly type: string;
  readonly args: readonly unknown[];
  /** What Python would put into `__dict__`, usually a Map. */
  state: unknown = null;

  constructor(type: string, args: readonly unknown[]) {
    this.type = type;
    this.args = args;
  }
}

export interface Vocabulary {
  /** @param name with its module, as the file spells it. Throws for one that is not known. */
  find(name: string): Callable;
  /** What a persistent id stands for. */
  load(id: unknown): unknown;
}

/** Every instruction makes at most one small object, so this bounds time and memory. A large model takes 100,000. */
const MAX_INSTRUCTIONS = 1_000_000;
/** Marks that are open at one time; Python itself cannot write deeper nesting than some thousand. */
const MAX_DEPTH = 10_000;
/** A class's module and name. */
const MAX_NAME_BYTES = 1000;
/** A whole number beyond this is none of a checkpoint's. */
const MAX_LONG_BYTES = 256;
const HIGHEST_PROTOCOL = 5;

const OP = {
  MARK: 0x28,
  EMPTY_TUPLE: 0x29,
  STOP: 0x2e,
  POP: 0x30,
  POP_MARK: 0x31,
  DUP: 0x32,
  BINBYTES: 0x42,
  SHORT_BINBYTES: 0x43,
  BINFLOAT: 0x47,
  BININT: 0x4a,
  BININT1: 0x4b,
  BININT2: 0x4d,
  NONE: 0x4e,
  BINPERSID: 0x51,
  REDUCE: 0x52,
  BINSTRING: 0x54,
  SHORT_BINSTRING: 0x55,
  BINUNICODE: 0x58,
  EMPTY_LIST: 0x5d,
  APPEND: 0x61,
  BUILD: 0x62,
  GLOBAL: 0x63,
  APPENDS: 0x65,
  BINGET: 0x68,
  LONG_BINGET: 0x6a,
  BINPUT: 0x71,
  LONG_BINPUT: 0x72,
  SETITEM: 0x73,
  TUPLE: 0x74,
  SETITEMS: 0x75,
  EMPTY_DICT: 0x7d,
  PROTO: 0x80,
  NEWOBJ: 0x81,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  LONG1: 0x8a,
  LONG4: 0x8b,
  SHORT_BINUNICODE: 0x8c,
  BINUNICODE8: 0x8d,
  BINBYTES8: 0x8e,
  EMPTY_SET: 0x8f,
  ADDITEMS: 0x90,
  FROZENSET: 0x91,
  NEWOBJ_EX: 0x92,
  STACK_GLOBAL: 0x93,
  MEMOIZE: 0x94,
  FRAME: 0x95,
  BYTEARRAY8: 0x96,
} as const;

const NEWLINE = 0x0a;
const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });
const LATIN_1 = new TextDecoder('latin1');

/**
 * The object that a pickle describes.
 * @param refuse makes the error from "its pickle …", without the subject and the full stop
 * @throws LensError what `refuse` makes when the pickle is not sound, and what the vocabulary throws
 */
export function readPickle(
  bytes: Uint8Array,
  vocabulary: Vocabulary,
  refuse: (what: string) => LensError,
): unknown {
  return new Machine(bytes, vocabulary, refuse).run();
}

class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #vocabulary: Vocabulary;
  readonly #refuse: (what: string) => LensError;
  #at = 0;
  #stack: unknown[] = [];
  /** The stacks below open marks. */
  readonly #below: unknown[][] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(bytes: Uint8Array, vocabulary: Vocabulary, refuse: (what: string) => LensError) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#vocabulary = vocabulary;
    this.#refuse = refuse;
  }

  run(): unknown {
    for (let count = 0; count < MAX_INSTRUCTIONS; count++) {
      const op = this.#u8();
      if (op === OP.STOP) return this.#pop();
      this.#step(op);
    }
    throw this.#refuse(`has more than ${MAX_INSTRUCTIONS} instructions`);
  }

  #step(op: number): void {
    switch (op) {
      case OP.PROTO:
        this.#protocol(this.#u8());
        break;
      case OP.FRAME:
        this.#take(8);
        break;
      case OP.MARK:
        this.#mark();
        break;
      case OP.POP:
        this.#pop();
        break;
      case OP.POP_MARK:
        this.#popMark();
        break;
      case OP.DUP:
        this.#stack.push(this.#top());
        break;
      case OP.NONE:
        this.#stack.push(null);
        break;
      case OP.NEWTRUE:
        this.#stack.push(true);
        break;
      case OP.NEWFALSE:
        this.#stack.push(false);
        break;
      case OP.BININT:
        this.#stack.push(this.#view.getInt32(this.#take(4), true));
        break;
      case OP.BININT1:
        this.#stack.push(this.#u8());
        break;
      case OP.BININT2:
        this.#stack.push(this.#view.getUint16(this.#take(2), true));
        break;
      case OP.LONG1:
        this.#stack.push(this.#long(this.#u8()));
        break;
      case OP.LONG4:
        this.#stack.push(this.#long(this.#u32()));
        break;
      case OP.BINFLOAT:
        this.#stack.push(this.#view.getFloat64(this.#take(8)));
        break;
      case OP.SHORT_BINSTRING:
        this.#stack.push(this.#text(this.#u8(), LATIN_1));
        break;
      case OP.BINSTRING:
        this.#stack.push(this.#text(this.#u32(), LATIN_1));
        break;
      case OP.SHORT_BINUNICODE:
        this.#stack.push(this.#text(this.#u8()));
        break;
      case OP.BINUNICODE:
        this.#stack.push(this.#text(this.#u32()));
        break;
      case OP.BINUNICODE8:
        this.#stack.push(this.#text(this.#u64()));
        break;
      case OP.SHORT_BINBYTES:
        this.#stack.push(this.#slice(this.#u8()));
        break;
      case OP.BINBYTES:
        this.#stack.push(this.#slice(this.#u32()));
        break;
      case OP.BINBYTES8:
      case OP.BYTEARRAY8:
        this.#stack.push(this.#slice(this.#u64()));
        break;
      case OP.EMPTY_LIST:
        this.#stack.push([]);
        break;
      case OP.EMPTY_DICT:
        this.#stack.push(new Map());
        break;
      case OP.EMPTY_SET:
        this.#stack.push(new Set());
        break;
      case OP.EMPTY_TUPLE:
        this.#stack.push(new Tuple([]));
        break;
      case OP.TUPLE1:
        this.#tuple(1);
        break;
      case OP.TUPLE2:
        this.#tuple(2);
        break;
      case OP.TUPLE3:
        this.#tuple(3);
        break;
      case OP.TUPLE: {
        const items = this.#popMark();
        this.#stack.push(new Tuple(items));
        break;
      }
      case OP.FROZENSET: {
        const items = this.#popMark();
        this.#stack.push(new Set(items));
        break;
      }
      case OP.APPEND:
        this.#append([this.#pop()]);
        break;
      case OP.APPENDS:
        this.#append(this.#popMark());
        break;
      case OP.ADDITEMS:
        this.#add(this.#popMark());
        break;
      case OP.SETITEM: {
        const value = this.#pop();
        this.#set([this.#pop(), value]);
        break;
      }
      case OP.SETITEMS:
        this.#set(this.#popMark());
        break;
      case OP.BINGET:
        this.#get(this.#u8());
        break;
      case OP.LONG_BINGET:
        this.#get(this.#u32());
        break;
      case OP.BINPUT:
        this.#memo.set(this.#u8(), this.#top());
        break;
      case OP.LONG_BINPUT:
        this.#memo.set(this.#u32(), this.#top());
        break;
      case OP.MEMOIZE:
        this.#memo.set(this.#memo.size, this.#top());
        break;
      case OP.GLOBAL: {
        const module = this.#line();
        this.#stack.push(this.#vocabulary.find(`${module}.${this.#line()}`));
        break;
      }
      case OP.STACK_GLOBAL:
        this.#stackGlobal();
        break;
      case OP.BINPERSID:
        this.#stack.push(this.#vocabulary.load(this.#pop()));
        break;
      case OP.NEWOBJ_EX:
        this.#newWithKeywords();
        break;
      case OP.REDUCE:
      case OP.NEWOBJ:
        this.#call();
        break;
      case OP.BUILD:
        this.#build(this.#pop());
        break;
      default:
        throw this.#refuse(
          `has the instruction 0x${op.toString(16).padStart(2, '0')} at byte ${this.#at - 1}, which PyTorch does not write`,
        );
    }
  }

  #protocol(version: number): void {
    if (version > HIGHEST_PROTOCOL) {
      throw this.#refuse(`has protocol ${version}, and ${HIGHEST_PROTOCOL} is the highest that is known`);
    }
  }

  #mark(): void {
    if (this.#below.length === MAX_DEPTH) throw this.#refuse(`is nested more than ${MAX_DEPTH} deep`);
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  #popMark(): unknown[] {
    const items = this.#stack;
    const below = this.#below.pop();
    if (below === undefined) throw this.#refuse('ends a group that it did not begin');
    this.#stack = below;
    return items;
  }

  #pop(): unknown {
    if (this.#stack.length === 0) throw this.#refuse('takes a value where there is none');
    return this.#stack.pop();
  }

  #top(): unknown {
    if (this.#stack.length === 0) throw this.#refuse('takes a value where there is none');
    return this.#stack.at(-1);
  }

  #tuple(length: number): void {
    if (this.#stack.length < length) throw this.#refuse('takes a value where there is none');
    this.#stack.push(new Tuple(this.#stack.splice(-length)));
  }

  #append(items: readonly unknown[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw this.#refuse(`appends to ${brief(list)}, which is no list`);
    for (const item of items) list.push(item);
  }

  #add(items: readonly unknown[]): void {
    const set = this.#top();
    if (!(set instanceof Set)) throw this.#refuse(`adds to ${brief(set)}, which is no set`);
    for (const item of items) set.add(item);
  }

  #set(items: readonly unknown[]): void {
    const dict = this.#top();
    if (!(dict instanceof Map)) throw this.#refuse(`sets an item of ${brief(dict)}, which is no dict`);
    if (items.length % 2 !== 0) throw this.#refuse('sets an item of a dict without a value');
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  }

  #get(index: number): void {
    if (!this.#memo.has(index)) throw this.#refuse(`recalls number ${index}, which it did not store`);
    this.#stack.push(this.#memo.get(index));
  }

  #stackGlobal(): void {
    const name = this.#pop();
    const module = this.#pop();
    if (typeof name !== 'string' || typeof module !== 'string') {
      throw this.#refuse(`names a class by ${brief(module)} and ${brief(name)}`);
    }
    this.#stack.push(this.#vocabulary.find(`${module}.${name}`));
  }

  #call(): void {
    const args = this.#pop();
    const callable = this.#pop();
    if (!(callable instanceof Callable)) throw this.#refuse(`calls ${brief(callable)}`);
    if (!(args instanceof Tuple)) throw this.#refuse(`calls ${quote(callable.name)} without arguments`);
    this.#stack.push(callable.call(args.items));
  }

  #newWithKeywords(): void {
    const keywords = this.#pop();
    if (!(keywords instanceof Map) || keywords.size > 0) {
      throw this.#refuse('makes an object with arguments by name');
    }
    this.#call();
  }

  /** Data keeps its state. What a dict or a tensor has beside its content says nothing about the weights. */
  #build(state: unknown): void {
    const object = this.#top();
    if (object instanceof Instance) object.state = state;
    else if (typeof object !== 'object' || object === null || object instanceof Callable) {
      throw this.#refuse(`gives a state to ${brief(object)}`);
    }
  }

  /** A signed little-endian whole number: a number where it is exact, a bigint elsewhere. */
  #long(length: number): number | bigint {
    if (length > MAX_LONG_BYTES) throw this.#refuse(`has a whole number of ${bytesInWords(length)}`);
    const bytes = this.#slice(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
    const signed = BigInt.asIntN(8 * length, value);
    const number = Number(signed);
    return Number.isSafeInteger(number) ? number : signed;
  }

  #line(): string {
    const end = this.#bytes.indexOf(NEWLINE, this.#at);
    if (end < 0 || end - this.#at > MAX_NAME_BYTES) throw this.#refuse('has a name without an end');
    const text = this.#text(end - this.#at);
    this.#take(1);
    return text;
  }

  #text(length: number, decoder = UTF_8): string {
    return decoder.decode(this.#slice(length));
  }

  #slice(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  #u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  #u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  #u64(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  /** Goes on by `length` bytes and gives the position before them. */
  #take(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.byteLength) {
      throw this.#refuse(`ends too early, after ${bytesInWords(this.#bytes.byteLength)}`);
    }
    this.#at += length;
    return start;
  }
}
