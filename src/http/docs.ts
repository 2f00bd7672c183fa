import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { type AppContext, answer } from './context.ts';
import { Problem, problemKinds } from './problems.ts';

// Nothing may be loaded from, or sent to, another host; the browser enforces it.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>hq-master-data API</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  displayRequestDuration: true,
  persistAuthorization: true,
  validatorUrl: null,
});
`;

const types: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  png: 'image/png',
};

const packaged = ['swagger-ui-bundle.js', 'swagger-ui.css', 'favicon-32x32.png'];

/** The interactive documentation: a page around /openapi.json, every asset of it served from this process. */
export function docsHandler(): (c: AppContext) => Response {
  return function docs(c) {
    return answer(c, 200, page, 'text/html; charset=utf-8', { 'Content-Security-Policy': policy });
  };
}

/** The assets of the documentation page, read once when first asked for. */
export function docsAssetHandler(): (c: AppContext) => Response {
  const assets = new Map<string, string | Uint8Array<ArrayBuffer>>([['start.js', start]]);
  return function docsAsset(c) {
    const name = c.req.param('asset') ?? '';
    let content = assets.get(name);
    if (content === undefined && packaged.includes(name)) {
      content = new Uint8Array(readFileSync(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${name}`))));
      assets.set(name, content);
    }
    if (content === undefined) throw new Problem('not-found', `The documentation has no asset "${name}".`);
    return new Response(content, {
      headers: {
        'Content-Type': types[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
        'Cache-Control': 'public, max-age=3600',
        'X-Request-Id': c.get('requestId'),
      },
    });
  };
}

/** What a problem type means: the page its `type` leads to. */
export function problemPageHandler(): (c: AppContext) => Response {
  return function problemPage(c) {
    const name = c.req.param('name') ?? '';
    if (!Object.hasOwn(problemKinds, name))
      throw new Problem('not-found', `There is no problem type "${name}".`);
    const kind = problemKinds[name as keyof typeof problemKinds];
    return answer(c, 200, `${kind.title} (${kind.status})\n\n${kind.meaning}\n`, 'text/plain; charset=utf-8');
  };
}
