import { median, short, spread } from './measure.ts';

/** One line of the measured table. */
export type Row = {
  what: string;
  /** one value per repetition */
  values: number[];
  unit:
    | 'ms'
    | 'ms per payload'
    | 'payloads per second'
    | 'times'
    | 'rows per payload'
    | 'changes per payload'
    | 'statements per payload';
  /** what the value should be, where there is an aim */
  aim?: { least: number } | { most: number };
};

/** The rows of a part as a table in Markdown, with the aims that were missed said so. */
export function table(rows: Row[]): string {
  const cells = rows.map(({ what, values, unit, aim }) => [
    what,
    values.length > 1 ? spread(values) : short(values[0] ?? NaN),
    unit,
    aim === undefined ? '' : verdict(median(values), aim),
  ]);
  const header = ['measured', 'median (range)', 'unit', 'aim'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(header), rule, ...cells.map(line)].join('\n');
}

function verdict(value: number, aim: { least: number } | { most: number }): string {
  const [text, reached] =
    'least' in aim
      ? [`${aim.least} or more`, value >= aim.least]
      : [`${aim.most} or less`, value <= aim.most];
  return `${text}: ${reached ? 'reached' : 'missed'}`;
}
