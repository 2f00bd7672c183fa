import { problemKinds } from '../../src/http/problems.ts';
import { markdownTable } from './markdown.ts';

/** The page of all problems the HTTP API answers with. */
export function problemPage(): string {
  const rows = Object.entries(problemKinds).map(([name, { status, title, meaning }]) => [
    `\`/problems/${name}\``,
    String(status),
    title,
    meaning,
  ]);
  return (
    [
      '# Problems of the HTTP API',
      'Generated from `src/http/problems.ts` by `npm run docs`; do not edit. The shape of an answer and the codes are told in [errors](errors.md).',
      markdownTable(['type', 'status', 'title', 'meaning'], rows),
    ].join('\n\n') + '\n'
  );
}
