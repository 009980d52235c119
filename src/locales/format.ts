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
  /** 0.75 → "75 %". */
  percent(ratio: number): string;
  /** Bytes in powers of 1000 as file managers count, three figures: "654 bytes", "448 MB", "2.63 GB". */
  size(bytes: number): string;
  /** The form for this count, with `#` replaced by it: { one: '# byte', other: '# bytes' }. */
  plural(count: number, forms: PluralForms): string;
  /** "a, b and c". */
  list(items: readonly string[]): string;
}

const UNITS = ['kilobyte', 'megabyte', 'gigabyte'] as const;

export function formatFor(tag: string, bytes: PluralForms): Format {
  const plain = new Intl.NumberFormat(tag);
  const rules = new Intl.PluralRules(tag);
  const lists = new Intl.ListFormat(tag, { type: 'conjunction' });
  const decimals = new Map<number, Intl.NumberFormat>();
  const decimal = (value: number, digits: number): string => {
    let format = decimals.get(digits);
    if (format === undefined) {
      format = new Intl.NumberFormat(tag, { minimumFractionDigits: digits, maximumFractionDigits: digits });
      decimals.set(digits, format);
    }
    return format.format(value);
  };
  const plural = (count: number, forms: PluralForms): string =>
    (forms[rules.select(count)] ?? forms.other).replace('#', plain.format(count));
  return {
    tag,
    number: (value) => plain.format(value),
    decimal,
    percent: (ratio) => `${plain.format(Math.round(ratio * 100))} %`,
    size(count) {
      if (count < 1000) return plural(count, bytes);
      let value = count;
      let unit: (typeof UNITS)[number] | undefined;
      for (const next of UNITS) {
        // 999.5 rounds to 1000, which is one of the next unit.
        if (value < 999.5) break;
        value /= 1000;
        unit = next;
      }
      const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
      return new Intl.NumberFormat(tag, {
        style: 'unit',
        unit: unit ?? 'byte',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }).format(value);
    },
    plural,
    list: (items) => lists.format(items),
  };
}
