import type { AgreementTable, AgreementTableRow } from '../../src/store/model/agreement-table.ts';

/** The table with this row in the place of what it had of that model and dtype. */
export function putRow(table: AgreementTable, row: AgreementTableRow): AgreementTable {
  const rows = table.rows.filter(({ model, dtype }) => model !== row.model || dtype !== row.dtype);
  rows.push(row);
  rows.sort((a, b) => compare(a.model, b.model) || compare(a.dtype, b.dtype));
  return { ...table, rows };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** To hundredths of a decibel, and never to a ratio that is better than what was found. */
export function rounded<T extends Pick<AgreementTableRow, 'lowest_psnr' | 'mean_psnr' | 'loss_difference'>>(
  row: T,
): T {
  const down = (value: number | null) => (value === null ? null : Math.floor(value * 100) / 100);
  const { loss_difference } = row;
  return {
    ...row,
    lowest_psnr: down(row.lowest_psnr),
    mean_psnr: down(row.mean_psnr),
    loss_difference: loss_difference === null ? null : Math.ceil(loss_difference * 1e5) / 1e5,
  };
}

/** The file's text: indented, but every list of plain values on one line, as the formatter has it. */
export function tableJson(table: AgreementTable): string {
  const text = JSON.stringify(table, null, 2);
  const onOneLine = (list: string) => list.replaceAll(/\s+/g, ' ').replace('[ ', '[').replace(' ]', ']');
  return `${text.replace(/\[\n[^[\]{}]*\]/g, onOneLine)}\n`;
}
