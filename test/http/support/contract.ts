import addFormats from 'ajv-formats';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'csv-parse/sync';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

type Schema = Record<string, unknown>;
type Content = Record<string, { schema?: Schema }>;
type Response = { $ref?: string; content?: Content };
type Operation = { responses: Record<string, Response>; 'x-older-paths'?: string[] };

export type OpenapiDocument = {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Response>; schemas?: Record<string, Schema> };
};

type Answer = { status: number; headers: Headers; body: unknown; text: string };

/** Pages for people and the document itself are not in the document. */
const undescribed = /^\/(openapi\.json|docs|problems)(\/|$)/;
const problem = { $ref: 'openapi#/components/schemas/Problem' };

/** The events of a text of server-sent events; one that is not ended by an empty line is none yet. */
export function eventsOf(text: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  createParser({
    onEvent: (event) => void events.push(event),
    onError: (error) => {
      throw error;
    },
  }).feed(text);
  return events;
}

/** What a server's OpenAPI document promises; reads it when first needed, and again when an answer does not fit, as workflows may have changed. */
export class Contract {
  readonly #read: () => Promise<OpenapiDocument | undefined>;
  #promised: Promise<Promised | undefined> | undefined;

  constructor(read: () => Promise<OpenapiDocument | undefined>) {
    this.#read = read;
  }

  /** Throws unless the document promises this answer: its status, its content type and its body. */
  async check(method: string, path: string, answer: Answer): Promise<void> {
    const asked = path.split('?')[0] ?? '';
    if (method === 'HEAD' || undescribed.test(asked)) return;
    const known = await (this.#promised ??= this.#load());
    if (known?.objection(method, asked, answer) === undefined) return;
    this.#promised = this.#load();
    const objection = (await this.#promised)?.objection(method, asked, answer);
    if (objection !== undefined) {
      throw new Error(`${method} ${path.slice(0, 200)} is answered with ${answer.status}, but ${objection}`);
    }
  }

  /** Undefined while the server gives no document: it stops, or has lost its database. */
  async #load(): Promise<Promised | undefined> {
    const document = await this.#read().catch(() => undefined);
    return document && promisedBy(document);
  }
}

const made = new Map<string, Promised>();

function promisedBy(document: OpenapiDocument): Promised {
  const text = JSON.stringify(document);
  const promised = made.get(text) ?? new Promised(document);
  made.clear();
  made.set(text, promised);
  return promised;
}

class Promised {
  readonly #document: OpenapiDocument;
  readonly #paths: { pattern: RegExp; path: string }[];
  readonly #ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: OpenapiDocument) {
    this.#document = document;
    addFormats.default(this.#ajv);
    this.#ajv.addSchema(closedDocument(document), 'openapi');
    // Paths without parameters are tried first, as the server does.
    this.#paths = Object.keys(document.paths)
      .toSorted((a, b) => Number(a.includes('{')) - Number(b.includes('{')))
      .flatMap((path) => {
        const older = Object.values(document.paths[path] ?? {}).flatMap(
          (found) => found['x-older-paths'] ?? [],
        );
        return [path, ...older].map((known) => ({
          path,
          pattern: new RegExp(
            `^${known.replaceAll(/\{\w+\}/g, '[^/]+')}${path.startsWith('/run/') ? '/?' : ''}$`,
          ),
        }));
      });
  }

  /** What the document has against an answer. */
  objection(method: string, asked: string, answer: Answer): string | undefined {
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    const path = this.#paths.find(({ pattern }) => pattern.test(asked))?.path;
    const operation = path === undefined ? undefined : this.#document.paths[path]?.[method.toLowerCase()];
    if (path === undefined || operation === undefined) {
      if (answer.status < 400) return 'the document has no such operation';
      return type === 'application/problem+json' ? this.#unfit(problem, [answer.body]) : `it is ${type}`;
    }
    const { pointer, response } = this.#resolved(path, method.toLowerCase(), answer.status) ?? {};
    if (pointer === undefined || response === undefined) return 'the document does not promise this status';
    if (response.content === undefined)
      return answer.text === '' ? undefined : 'the document promises no content';
    const schema = response.content[type]?.schema;
    if (schema === undefined)
      return `the document promises ${Object.keys(response.content).join(', ')}, not "${type}"`;
    const promised = { $ref: `${pointer}/content/${escaped(type)}/schema` };
    switch (type) {
      case 'text/csv':
        return objectionToCsv(answer.text, schema['x-columns'] as string[] | undefined);
      case 'text/event-stream':
        return this.#objectionToEvents(promised, answer.text);
      case 'application/x-ndjson':
        return this.#unfit(promised, answer.body as unknown[]);
      default:
        return this.#unfit(promised, [answer.body]);
    }
  }

  /** Each event is like a line of NDJSON, and its id is the cursor to go on from. */
  #objectionToEvents(schema: { $ref: string }, text: string): string | undefined {
    const events = eventsOf(text).map(({ id, data }) => ({ id, content: JSON.parse(data) as unknown }));
    const unmarked = events.find(({ id, content }) => id !== (content as { cursor?: string }).cursor);
    if (unmarked !== undefined) return `an event with the id ${unmarked.id} has another cursor`;
    return this.#unfit(
      schema,
      events.map(({ content }) => content),
    );
  }

  #resolved(
    path: string,
    method: string,
    status: number,
  ): { pointer: string; response: Response } | undefined {
    const response = this.#document.paths[path]?.[method]?.responses[String(status)];
    if (response?.$ref === undefined) {
      const pointer = `openapi#/paths/${escaped(path)}/${method}/responses/${status}`;
      return response && { pointer, response };
    }
    const shared = this.#document.components.responses[response.$ref.split('/').at(-1) ?? ''];
    return shared && { pointer: `openapi${response.$ref}`, response: shared };
  }

  #unfit(schema: { $ref: string }, bodies: unknown[]): string | undefined {
    let validate = this.#compiled.get(schema.$ref);
    if (validate === undefined) {
      validate = this.#ajv.compile(schema);
      this.#compiled.set(schema.$ref, validate);
    }
    for (const body of bodies) {
      if (!validate(body)) return `its body does not fit: ${(validate.errors ?? []).map(said).join(', ')}`;
    }
    return undefined;
  }
}

function said({ instancePath, message = '', params }: ErrorObject): string {
  const { unevaluatedProperty } = params as { unevaluatedProperty?: string };
  const place = instancePath === '' ? '' : `${instancePath} `;
  return unevaluatedProperty === undefined
    ? `${place}${message}`
    : `${place}has the field ${unevaluatedProperty}, which is not declared`;
}

/** The columns are those that are promised, in their order, and every row has as many fields. */
function objectionToCsv(text: string, columns: string[] | undefined): string | undefined {
  let header: string[] | undefined;
  try {
    [header] = parse(text, { relax_column_count: false }) as string[][];
  } catch (error) {
    return `its body is no CSV: ${String(error)}`;
  }
  if (header === undefined) return 'its body has no header line';
  if (new Set(header).size < header.length) return `its columns are not different: ${header.join(', ')}`;
  if (columns === undefined || columns.join() === header.join()) return undefined;
  return `its columns are ${header.join(', ')}, not ${columns.join(', ')}`;
}

/** The document with the schemas of its answers closed, so that a field that it does not name is objected to. */
function closedDocument({ paths, components }: OpenapiDocument): Schema {
  const responses = (all: Record<string, Response>) =>
    mapped(all, ({ content, ...response }) => ({
      ...response,
      ...(content && {
        content: mapped(content, ({ schema, ...media }) => ({ ...media, schema: schema && closed(schema) })),
      }),
    }));
  return {
    paths: mapped(paths, (methods) =>
      mapped(methods, (operation) => ({ responses: responses(operation.responses) })),
    ),
    components: {
      responses: responses(components.responses),
      schemas: mapped(components.schemas ?? {}, closed),
    },
  };
}

/** A schema that refuses what it does not name, in every object whose properties it names, unless it says that others may come. */
function closed(schema: Schema): Schema {
  const inner = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (keyword === 'properties' || keyword === '$defs')
        return [keyword, mapped(value as Record<string, Schema>, closed)];
      if (keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'allOf')
        return [keyword, (value as Schema[]).map(keyword === 'allOf' ? (part) => part : closed)];
      const isSchema = keyword === 'items' || keyword === 'additionalProperties';
      return [keyword, isSchema && typeof value === 'object' ? closed(value as Schema) : value];
    }),
  );
  const namesFields = 'properties' in schema || 'allOf' in schema;
  return namesFields && !('additionalProperties' in schema)
    ? { unevaluatedProperties: false, ...inner }
    : inner;
}

function mapped<From, To>(object: Record<string, From>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));
}

/** A name as a part of a JSON pointer in a URI fragment. */
function escaped(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}
