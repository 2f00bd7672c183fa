import addFormats from 'ajv-formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

type Content = Record<string, { schema?: object }>;
type Response = { $ref?: string; content?: Content };
type Operation = { responses: Record<string, Response>; 'x-older-paths'?: string[] };

export type OpenapiDocument = {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, Response> };
};

type Answer = { status: number; headers: Headers; body: unknown; text: string };

/** Pages for people and the document itself are not in the document. */
const undescribed = /^\/(openapi\.json|docs|problems)(\/|$)/;
const problem = { $ref: 'openapi#/components/schemas/Problem' };

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
    this.#ajv.addSchema(document, 'openapi');
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
    const schema = response.content[type]?.schema as { type?: string } | undefined;
    // An empty page of lines has no type of its own to look at.
    if (schema === undefined)
      return `the document promises ${Object.keys(response.content).join(', ')}, not "${type}"`;
    if (schema.type === 'string') return undefined;
    const bodies = type === 'application/x-ndjson' ? (answer.body as unknown[]) : [answer.body];
    return this.#unfit({ $ref: `${pointer}/content/${escaped(type)}/schema` }, bodies);
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
      if (!validate(body))
        return `its body does not fit: ${this.#ajv.errorsText(validate.errors, { dataVar: '' })}`;
    }
    return undefined;
  }
}

/** A name as a part of a JSON pointer in a URI fragment. */
function escaped(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}
