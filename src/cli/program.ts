import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import { type Config, readConfig, settings } from '../config.ts';
import { embeddedUrl } from '../database/embedded.ts';
import { migrate } from '../database/migrate.ts';
import { type OpenDatabase, openDatabase } from '../database/open.ts';
import { deliveryStates } from '../deliver/states.ts';
import { ExitError, exitCodes } from '../errors.ts';
import { productionStates } from '../produce/states.ts';
import { auditCommand } from './audit.ts';
import { changeDelivery, listDeliveries, showDelivery } from './deliveries.ts';
import { type DeliverOptions, deliverCommand } from './deliver.ts';
import { dryRunCommand } from './dry-run.ts';
import { explainCommand } from './explain.ts';
import { listFailures, retryFailures, showFailure } from './failures.ts';
import { loadCommand } from './load-command.ts';
import { type Output, createOutput, line, table } from './output.ts';
import { processCommand } from './process.ts';
import { listProductions, retryProductions, showProduction, startProductions } from './productions.ts';
import { type RebuildOptions, rebuildCommand } from './rebuild.ts';
import { workflowsCommand } from './workflows.ts';

/** What a command that works on the database gets. */
export type Context = { config: Config; database: OpenDatabase; output: Output };

const help = `
Exit codes:
  ${exitCodes.ok}    done
  ${exitCodes.data}    done, but some of the data is not right: lines failed, the audit is not clean, the record is not known
  ${exitCodes.usage}    wrong command, argument or setting
  ${exitCodes.database}    the database cannot be reached, started or migrated
  ${exitCodes.failure}    hq cannot do its work: the port is in use, or a fault inside hq
  130  stopped by Ctrl-C

Commands use the database of DATABASE_URL, else the one in HQ_DATA_DIR, which is started when it does not run.
All settings: hq settings`;

/** The command line of hq. Actions return the exit code. */
export function createProgram(setExitCode: (code: number) => void): Command {
  const program = new Command('hq');
  program
    .description('A golden-record database: payloads in, one trusted record per company and person out.')
    .option('--json', 'print one JSON document for machines')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', help)
    .exitOverride();

  const output = () => createOutput(Boolean(program.opts<{ json?: boolean }>().json));

  async function withDatabase(act: (context: Context) => Promise<number>, connections = 2): Promise<void> {
    const config = readConfig();
    await using database = await openDatabase(config, { max: connections, applicationName: 'hq cli' });
    setExitCode(await act({ config, database, output: output() }));
  }

  program
    .command('serve')
    .description('run the API and the worker until Ctrl-C or SIGTERM')
    .option('--api-only', 'only the API')
    .option('--worker-only', 'only the worker')
    .action(async (options: { apiOnly?: boolean; workerOnly?: boolean }) => {
      const { serve } = await import('./serve.ts');
      await serve(readConfig(), options);
    });

  program
    .command('migrate')
    .description('bring the database up to date')
    .option('--dev', 'also run migrations/current.sql, the migration in work')
    .action(async ({ dev }: { dev?: boolean }) => {
      const config = readConfig();
      await using database = await openDatabase(config, { max: 1, migrations: 'never' });
      const result = await migrate(database.url, {
        dev: dev ?? config.dev,
        onProgress: (name) => process.stderr.write(`Running migration ${name}.\n`),
      });
      output().result(result, () =>
        line(
          result.ran.length + Number(result.ranCurrent) === 0
            ? 'The database was up to date.'
            : `${result.ran.length} committed migrations run${result.ranCurrent ? ', and current.sql' : ''}.`,
        ),
      );
    });

  program
    .command('url')
    .description('print the URL of the database, for psql "$(hq url)"')
    .action(async () => {
      const config = readConfig();
      const url = config.databaseUrl ?? (await embeddedUrl(config.dataDir));
      if (!url) {
        throw new ExitError(
          `No Postgres runs in ${config.dataDir}: start it with "npm start", or set DATABASE_URL.`,
          exitCodes.database,
        );
      }
      output().result({ url }, () => line(url));
    });

  program
    .command('load')
    .description('load a file of one JSON body per line into a workflow; safe to stop and to run again')
    .argument('<workflow>', 'slug of the workflow')
    .argument('<file>', 'NDJSON file, or - for standard input')
    .option('--name <name>', 'with -: the same name is the same load, and goes on where it stopped')
    .action((workflow: string, file: string, options: { name?: string }) =>
      withDatabase((context) => loadCommand(context, workflow, file, options)),
    );

  program
    .command('explain')
    .description('show where every value of a golden record comes from')
    .argument('<key>', 'domain or LinkedIn URL')
    .action((key: string) => withDatabase((context) => explainCommand(context, key)));

  program
    .command('rebuild')
    .alias('replay')
    .description('make core again from the raw payloads: one record, or all')
    .argument('[key]', 'domain or LinkedIn URL; all records without it')
    .option('-w, --workers <number>', 'of all records: how many work at once', wholeNumber(1, 64), 2)
    .option('--detach', 'of all records: only start the job, for the workers of the server')
    .action((key: string | undefined, options: RebuildOptions) =>
      withDatabase((context) => rebuildCommand(context, key, options), options.workers),
    );

  program
    .command('dry-run')
    .description('show what a body would change, and write nothing')
    .argument('<workflow>', 'slug of the workflow')
    .argument('<file>', 'file with one JSON body, or - for standard input')
    .action((workflow: string, file: string) =>
      withDatabase((context) => dryRunCommand(context, workflow, file)),
    );

  program
    .command('workflows')
    .description('list the workflows, or show one')
    .argument('[workflow]', 'slug of the workflow')
    .action((workflow: string | undefined) => withDatabase((context) => workflowsCommand(context, workflow)));

  program
    .command('audit')
    .description("run every workflow's example and compare what it writes with what the registry says")
    .action(() => withDatabase(auditCommand));

  program
    .command('process')
    .description('process what has landed and is pending, as a worker does')
    .argument('[workflow]', 'slug of the workflow; all without it')
    .action((workflow: string | undefined) => withDatabase((context) => processCommand(context, workflow)));

  const failures = program.command('failures').description('payloads that landed and could not be processed');
  failures
    .command('list', { isDefault: true })
    .description('list them, newest first')
    .option('--workflow <workflow>', 'only those of a workflow')
    .option('--limit <number>', 'at most so many', wholeNumber(1, 100_000), 50)
    .action((options: { workflow?: string; limit: number }) =>
      withDatabase((context) => listFailures(context, options)),
    );
  failures
    .command('show')
    .description('show one with its payload')
    .argument('<payload-id>')
    .action((id: string) => withDatabase((context) => showFailure(context, id)));
  failures
    .command('retry')
    .description('process them again, after a fix')
    .argument('[payload-id...]', 'all without it')
    .option('--workflow <workflow>', 'only those of a workflow')
    .action((ids: string[], options: { workflow?: string }) =>
      withDatabase((context) => retryFailures(context, ids, options)),
    );

  const productions = program
    .command('productions')
    .description('calls to models and other outside services');
  productions
    .command('list', { isDefault: true })
    .description('list those that failed, newest first')
    .option('--workflow <workflow>', 'only those of a workflow')
    .addOption(
      new Option('--state <state>', 'only those in this state').choices(productionStates).default('failed'),
    )
    .option('--limit <number>', 'at most so many', wholeNumber(1, 100_000), 50)
    .action((options: { workflow?: string; state: string; limit: number }) =>
      withDatabase((context) => listProductions(context, options)),
    );
  productions
    .command('show')
    .description('show one: its body, its calls, its answer or its failure')
    .argument('<id>')
    .action((id: string) => withDatabase((context) => showProduction(context, id)));
  productions
    .command('retry')
    .description('put failed ones back in line, after a fix')
    .argument('[id...]', 'all without it')
    .option('--workflow <workflow>', 'only those of a workflow')
    .action((ids: string[], options: { workflow?: string }) =>
      withDatabase((context) => retryProductions(context, ids, options)),
    );
  productions
    .command('start')
    .description('run a workflow for every line of a file, as a job that workers do')
    .argument('<workflow>', 'slug of the workflow')
    .argument('<file>', 'a domain, or a body in JSON, on each line; - for standard input')
    .option('--name <name>', 'what the job is called')
    .action((workflow: string, file: string, options: { name?: string }) =>
      withDatabase((context) => startProductions(context, workflow, file, options)),
    );

  program
    .command('deliver')
    .description('send the rows of a TSV or CSV file to a webhook, in order and at its pace')
    .requiredOption('--file <file>', 'file with a header line, or - for standard input')
    .requiredOption('--to <url>', 'webhook that receives one POST per row')
    .option('--title <text>', 'added to every row as _export_title; the name of the file without it')
    .option('--timestamp <text>', 'added to every row as _export_timestamp')
    .option('--notes <text>', 'added to every row as _notes')
    .option('--detach', 'leave the sending to the workers')
    .action((options: DeliverOptions) => withDatabase((context) => deliverCommand(context, options)));

  const deliveries = program.command('deliveries').description('what is on its way to webhooks, and how far');
  deliveries
    .command('list', { isDefault: true })
    .description('list them, newest first')
    .addOption(new Option('--state <state>', 'only those in this state').choices(deliveryStates))
    .option('--limit <number>', 'at most so many', wholeNumber(1, 100_000), 50)
    .action((options: { state?: string; limit: number }) =>
      withDatabase((context) => listDeliveries(context, options)),
    );
  deliveries
    .command('show')
    .description('show one with its failures')
    .argument('<delivery-id>')
    .option('--failures <number>', 'at most so many failures', wholeNumber(1, 100_000), 20)
    .action((id: string, options: { failures: number }) =>
      withDatabase((context) => showDelivery(context, id, options)),
    );
  for (const [action, description] of [
    ['pause', 'stop sending it for now'],
    ['resume', 'go on with one that is paused'],
    ['cancel', 'stop sending it for good'],
    ['retry', 'send its failed rows once more'],
  ] as const) {
    deliveries
      .command(action)
      .description(description)
      .argument('<delivery-id>')
      .action((id: string) => withDatabase((context) => changeDelivery(context, action, id)));
  }

  program
    .command('settings')
    .description('list the settings (environment variables) with their defaults')
    .action(() => {
      const rows = Object.entries(settings).map(([setting, { about, default: fallback }]) => ({
        setting,
        default: fallback ?? null,
        about,
      }));
      output().result(rows, () => line(table(rows, ['setting', 'default', 'about'], 120)));
    });

  return program;
}

/** Reads the argument of an option. */
function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** Runs one command line and gives its exit code. Help and wrong usage print themselves. */
export async function runProgram(argv: string[]): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
}
