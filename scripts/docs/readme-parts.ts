import { createProgram } from '../../src/cli/program.ts';
import { settings } from '../../src/config.ts';
import { markdownTable } from './markdown.ts';

/**
 * The README with its generated parts brought up to date; each stands between two comments with its name.
 * `provider` is the text of examples/add-a-provider.sql.
 */
export function readmeWithParts(readme: string, provider: string): string {
  const parts = {
    provider: `\`\`\`sql\n${provider}\`\`\``,
    settings: settingsTable(),
    commands: commandsTable(),
  };
  return Object.entries(parts).reduce((text, [name, content]) => withPart(text, name, content), readme);
}

function withPart(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}: written by npm run docs -->\n`, `\n<!-- /${name} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`The README lacks the comments around its part "${name}".`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}

function settingsTable(): string {
  return markdownTable(
    ['variable', 'default', 'meaning'],
    Object.entries(settings).map(([name, { about, default: fallback }]) => [
      `\`${name}\``,
      fallback === undefined ? '' : `\`${fallback}\``,
      about,
    ]),
  );
}

function commandsTable(): string {
  const rows = createProgram(() => undefined).commands.flatMap((command) => {
    const words = [
      command.name(),
      ...command.registeredArguments.map((argument) =>
        argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
      ),
    ];
    const aliases = command.aliases().map((alias) => `, also \`${alias}\``);
    const subcommands = command.commands.map((child) => child.name());
    const more = subcommands.length > 0 ? ` (${subcommands.join(', ')})` : '';
    return [[`\`${words.join(' ')}\`${aliases.join('')}`, `${command.description()}${more}`]];
  });
  return markdownTable(['command', 'does'], rows);
}
