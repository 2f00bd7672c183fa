import { ExitError, exitCodes } from '../errors.ts';
import { type LoadReport, fileSource, load, streamSource } from './load.ts';
import { line, table } from './output.ts';
import { duration, noProgress, terminalProgress } from './progress.ts';
import type { Context } from './program.ts';

/** `hq load`: a bar while it runs, a report at the end; exit code 1 when a line failed, 130 when it was stopped. */
export async function loadCommand(
  { config, database, output }: Context,
  workflow: string,
  file: string,
  options: { name?: string },
): Promise<number> {
  if (options.name && file !== '-') {
    throw new ExitError('--name goes with - only: a file is known by its content.', exitCodes.usage);
  }
  const source = file === '-' ? streamSource(process.stdin, options.name) : await fileSource(file);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const progress = process.stderr.isTTY && !output.json ? terminalProgress() : noProgress;

  const report = await load(database.sql, workflow, source, config, progress, stop.signal);
  output.result(report, () => printReport(source.name, workflow, report));
  if (!report.finished) {
    const again = file !== '-' || options.name ? 'Run the same command again to go on.' : '';
    process.stderr.write(`Stopped after ${report.lines_loaded + report.lines_failed} lines. ${again}\n`);
    return 130;
  }
  return report.lines_failed > 0 ? exitCodes.data : exitCodes.ok;
}

function printReport(name: string, workflow: string, report: LoadReport): void {
  const count = (value: number) => value.toLocaleString('en');
  const when = report.repeated ? 'was loaded before, nothing to do' : `loaded in ${duration(report.seconds)}`;
  line(`${name} into ${workflow}: ${when}.`);
  line(`${count(report.lines_loaded)} lines loaded, ${count(report.lines_failed)} failed.`);
  if (report.errors.length > 0) {
    line();
    line(table(report.errors, ['code', 'lines', 'first_line', 'detail'], 80));
    line(`Each refused line: select * from etl.load_errors where load_id = '${report.load_id}';`);
  }
  if (report.landed_but_failed > 0) {
    line(
      `${count(report.landed_but_failed)} landed but could not be processed: hq failures --workflow ${workflow}`,
    );
  }
}
