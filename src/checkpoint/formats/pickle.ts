/**
 * Python's pickle as a file format: a small stack machine, protocols 2 to 5, which builds data and runs nothing. What
 * classes and functions mean is the vocabulary's business; one that it does not know ends the reading.
 * Format: CPython's Lib/pickletools.py. Instructions of the text protocols 0 and 1, of the extension registry and of
 * buffers outside of the file are refused: torch.save writes none of them.
 */
import type { LensError } from '../../base/errors.ts';
import type { Refuse } from '../bytes/refusal.ts';
import { brief, quote } from '../bytes/words.ts';
import { Callable, Instance, Tuple, type Vocabulary } from './pickle-objects.ts';
import { OP } from './pickle-opcodes.ts';

/** Every instruction makes at most one small object, so this bounds time and memory. A large model takes 100,000. */
const MAX_INSTRUCTIONS = 1_000_000;
/** Marks that are open at one time; Python itself cannot write deeper nesting than some thousand. */
const MAX_DEPTH = 10_000;
/** A class's module and name. */
const MAX_NAME_BYTES = 1000;
/** A whole number beyond this is none of a checkpoint's. */
const MAX_LONG_BYTES = 256;
const HIGHEST_PROTOCOL = 5;

const NEWLINE = 0x0a;
const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });
const LATIN_1 = new TextDecoder('latin1');

/**
 * The object that a pickle describes.
 * @throws LensError what `refuse` makes when the pickle is not sound, and what the vocabulary throws
 */
export function readPickle(bytes: Uint8Array, vocabulary: Vocabulary, refuse: Refuse): unknown {
  return readPickleAt(bytes, 0, vocabulary, refuse).value;
}

/** The same for a pickle that other bytes may stand around; `end` is the position behind it. */
export function readPickleAt(
  bytes: Uint8Array,
  from: number,
  vocabulary: Vocabulary,
  refuse: Refuse,
): { readonly value: unknown; readonly end: number } {
  const machine = new Machine(bytes.subarray(from), vocabulary, refuse);
  const value = machine.run();
  return { value, end: from + machine.at };
}

class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #vocabulary: Vocabulary;
  readonly #refuse: Refuse;
  #at = 0;
  #stack: unknown[] = [];
  /** The stacks below open marks. */
  readonly #below: unknown[][] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(bytes: Uint8Array, vocabulary: Vocabulary, refuse: Refuse) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#vocabulary = vocabulary;
    this.#refuse = refuse;
  }

  /** How far it has come. */
  get at(): number {
    return this.#at;
  }

  run(): unknown {
    for (let count = 0; count < MAX_INSTRUCTIONS; count++) {
      const op = this.#u8();
      if (op === OP.STOP) return this.#pop();
      this.#step(op);
    }
    throw this.#refuse('checkpoint-malformed/pickle-endless', { most: MAX_INSTRUCTIONS });
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
        throw this.#refuse('checkpoint-malformed/pickle-instruction', {
          instruction: `0x${op.toString(16).padStart(2, '0')}`,
          at: this.#at - 1,
        });
    }
  }

  #protocol(version: number): void {
    if (version > HIGHEST_PROTOCOL) {
      throw this.#refuse('checkpoint-malformed/pickle-protocol', { version, highest: HIGHEST_PROTOCOL });
    }
  }

  #mark(): void {
    if (this.#below.length === MAX_DEPTH)
      throw this.#refuse('checkpoint-malformed/pickle-too-deep', { most: MAX_DEPTH });
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  #popMark(): unknown[] {
    const items = this.#stack;
    const below = this.#below.pop();
    if (below === undefined) throw this.#refuse('checkpoint-malformed/pickle-group');
    this.#stack = below;
    return items;
  }

  #pop(): unknown {
    if (this.#stack.length === 0) throw this.#nothingThere();
    return this.#stack.pop();
  }

  #top(): unknown {
    if (this.#stack.length === 0) throw this.#nothingThere();
    return this.#stack.at(-1);
  }

  #nothingThere(): LensError {
    return this.#refuse('checkpoint-malformed/pickle-nothing-there');
  }

  #tuple(length: number): void {
    if (this.#stack.length < length) throw this.#nothingThere();
    this.#stack.push(new Tuple(this.#stack.splice(-length)));
  }

  #append(items: readonly unknown[]): void {
    const list = this.#top();
    if (!Array.isArray(list))
      throw this.#refuse('checkpoint-malformed/pickle-appends', { value: brief(list) });
    for (const item of items) list.push(item);
  }

  #add(items: readonly unknown[]): void {
    const set = this.#top();
    if (!(set instanceof Set)) throw this.#refuse('checkpoint-malformed/pickle-adds', { value: brief(set) });
    for (const item of items) set.add(item);
  }

  #set(items: readonly unknown[]): void {
    const dict = this.#top();
    if (!(dict instanceof Map))
      throw this.#refuse('checkpoint-malformed/pickle-sets-item', { value: brief(dict) });
    if (items.length % 2 !== 0) throw this.#refuse('checkpoint-malformed/pickle-item-without-value');
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  }

  #get(index: number): void {
    if (!this.#memo.has(index)) throw this.#refuse('checkpoint-malformed/pickle-recalls', { index });
    this.#stack.push(this.#memo.get(index));
  }

  #stackGlobal(): void {
    const name = this.#pop();
    const module = this.#pop();
    if (typeof name !== 'string' || typeof module !== 'string') {
      throw this.#refuse('checkpoint-malformed/pickle-class-name', {
        module: brief(module),
        name: brief(name),
      });
    }
    this.#stack.push(this.#vocabulary.find(`${module}.${name}`));
  }

  #call(): void {
    const args = this.#pop();
    const callable = this.#pop();
    if (!(callable instanceof Callable))
      throw this.#refuse('checkpoint-malformed/pickle-calls', { value: brief(callable) });
    if (!(args instanceof Tuple))
      throw this.#refuse('checkpoint-malformed/pickle-calls-without-arguments', {
        name: quote(callable.name),
      });
    this.#stack.push(callable.call(args.items));
  }

  #newWithKeywords(): void {
    const keywords = this.#pop();
    if (!(keywords instanceof Map) || keywords.size > 0) {
      throw this.#refuse('checkpoint-malformed/pickle-arguments-by-name');
    }
    this.#call();
  }

  /** Data keeps its state. What a dict or a tensor has beside its content says nothing about the weights. */
  #build(state: unknown): void {
    const object = this.#top();
    if (object instanceof Instance) object.state = state;
    else if (typeof object !== 'object' || object === null || object instanceof Callable) {
      throw this.#refuse('checkpoint-malformed/pickle-state', { value: brief(object) });
    }
  }

  /** A signed little-endian whole number: a number where it is exact, a bigint elsewhere. */
  #long(length: number): number | bigint {
    if (length > MAX_LONG_BYTES) throw this.#refuse('checkpoint-malformed/pickle-number', { bytes: length });
    const bytes = this.#slice(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
    const signed = BigInt.asIntN(8 * length, value);
    const number = Number(signed);
    return Number.isSafeInteger(number) ? number : signed;
  }

  #line(): string {
    const end = this.#bytes.indexOf(NEWLINE, this.#at);
    if (end < 0 || end - this.#at > MAX_NAME_BYTES)
      throw this.#refuse('checkpoint-malformed/pickle-name-endless');
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
      throw this.#refuse('checkpoint-malformed/pickle-cut', { bytes: this.#bytes.byteLength });
    }
    this.#at += length;
    return start;
  }
}
