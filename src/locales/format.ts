/** How a language writes numbers, sizes and counts: what `Intl` knows, in the few shapes that the page uses. */

/** What plural rules may ask for; every language has `other`. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }>;

export interface Format {
  /** The language's tag, as in BCP 47. */
  readonly tag: string;
  /** 1234567 → "1,234,567". */
  number(value: number): string;
  /** 0.3376 with 3 digits → "0.338". */
  decimal(value: number, digits: number): string;
  /** With at most so many digits: 2.54 with 1 → "2.5", 4 → "4". */
  rounded(value: number, digits: number): string;
  /** 0.75 → "75 %". */
  percent(ratio: number): string;
  /** Bytes in powers of 1000 as file managers count, three figures: "654 bytes", "448 MB", "2.63 GB". */
  size(bytes: number): string;
  /** Every byte: 447631360 → "447,631,360 bytes". */
  exactSize(bytes: number): string;
  /** "3.2 ms", "143 ms". */
  milliseconds(ms: number): string;
  /** The form for this count, with `#` replaced by it: { one: '# byte', other: '# bytes' }. */
  plural(count: number, forms: PluralForms): string;
  /** "a, b and c". */
  list(items: readonly string[]): string;
}

const UNITS = ['kilobyte', 'megabyte', 'gigabyte'] as const;

export function formatFor(tag: string, bytes: PluralForms): Format {
  const rules = new Intl.PluralRules(tag);
  const lists = new Intl.ListFormat(tag, { type: 'conjunction' });
  const formats = new Map<string, Intl.NumberFormat>();
  const written = (value: number, least: number, most: number, unit?: string): string => {
    const key = `${least} ${most} ${unit}`;
    let format = formats.get(key);
    if (format === undefined) {
      format = new Intl.NumberFormat(tag, {
        minimumFractionDigits: least,
        maximumFractionDigits: most,
        ...(unit === undefined ? {} : { style: 'unit', unit }),
      });
      formats.set(key, format);
    }
    return format.format(value);
  };
  const number = (value: number): string => written(value, 0, 3);
  const plural = (count: number, forms: PluralForms): string =>
    (forms[rules.select(count)] ?? forms.other).replace('#', number(count));
  return {
    tag,
    number,
    decimal: (value, digits) => written(value, digits, digits),
    rounded: (value, digits) => written(value, 0, digits),
    percent: (ratio) => `${number(Math.round(ratio * 100))} %`,
    size(count) {
      if (count < 1000) return plural(Math.round(count), bytes);
      let value = count;
      let unit: (typeof UNITS)[number] = 'kilobyte';
      for (const next of UNITS) {
        // 999.5 rounds to 1000, which is one of the next unit.
        if (value < 999.5) break;
        value /= 1000;
        unit = next;
      }
      const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
      return written(value, digits, digits, unit);
    },
    exactSize: (count) => plural(count, bytes),
    milliseconds(ms) {
      const digits = ms < 9.95 ? 1 : 0;
      return written(ms, digits, digits, 'millisecond');
    },
    plural,
    list: (items) => lists.format(items),
  };
}
