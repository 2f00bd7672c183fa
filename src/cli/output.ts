/** What commands print: for people by default, one JSON document with --json. */
export type Output = {
  json: boolean;
  /** the result of the command: `human` says it to a person, `value` to a machine */
  result(value: unknown, human: () => void): void;
};

export function createOutput(json: boolean): Output {
  return {
    json,
    result(value, human) {
      if (json) line(JSON.stringify(value, null, 2));
      else human();
    },
  };
}

/** One line on standard output. */
export function line(text = ''): void {
  process.stdout.write(`${text}\n`);
}

type Cell = string | number | boolean | null | undefined | Date | object;

/**
 * Rows as aligned columns under a heading; numbers to the right. A column is as wide as its widest cell, up to
 * `widest` characters, where it is cut with an ellipsis.
 */
export function table<Row extends Record<string, Cell>>(
  rows: Row[],
  columns: (keyof Row & string)[],
  widest = 60,
): string {
  const text = rows.map((row) => columns.map((column) => cellText(row[column])));
  const widths = columns.map((column, index) =>
    Math.min(widest, Math.max(column.length, ...text.map((cells) => cells[index]?.length ?? 0))),
  );
  const right = columns.map(
    (column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'),
  );
  const layOut = (cells: string[]) =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? widest;
        const cut = cell.length > width ? `${cell.slice(0, width - 1)}…` : cell;
        return right[index] ? cut.padStart(width) : cut.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [layOut(columns.map((column) => column.replaceAll('_', ' '))), ...text.map(layOut)].join('\n');
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) return cell.toISOString();
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell).replaceAll(/\s+/g, ' ');
}

/** A JSON value as an indented outline, for documents whose shape only the database knows. */
export function outline(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return `${indent}none`;
    return value.map((item) => markItem(outline(item, `${indent}  `), indent)).join('\n');
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    const width = Math.max(0, ...entries.filter(([, item]) => isPlain(item)).map(([key]) => key.length));
    return entries
      .map(([key, item]) =>
        isPlain(item)
          ? `${indent}${key.padEnd(width)}  ${cellText(item as Cell)}`
          : `${indent}${key}\n${outline(item, `${indent}  `)}`,
      )
      .join('\n');
  }
  return `${indent}${cellText(value as Cell)}`;
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

function markItem(text: string, indent: string): string {
  return `${indent}- ${text.slice(indent.length + 2)}`;
}
