/** Whether there is something to show. */
export function isPresent<T>(value: T | null | undefined | ''): value is T {
  return value !== null && value !== undefined && value !== '';
}

/** Names as code, joined by commas. */
export function codeList(names: string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

/** A table whose columns line up, as Prettier lays it out. */
export function markdownTable(heading: string[], rows: string[][]): string {
  const cells = [heading, ...rows].map((row) =>
    row.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')),
  );
  const widths = heading.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 3)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(cells[0] ?? []), rule, ...cells.slice(1).map(line)].join('\n');
}
