import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

import { describe, expect, test as base } from 'vitest';

import {
  createOutbound,
  type Lookup,
  type Outbound,
  OutboundError,
  parseAllowList,
} from '../../src/clients/outbound.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;
type Local = { port: number; requests: { method: string; url: string; headers: object; body: string }[] };

type Fixtures = {
  /** starts a real server on 127.0.0.1 that remembers what it was asked; closed after the test */
  listen: (handler?: Handler) => Promise<Local>;
  /** makes a client; closed after the test */
  client: (allow?: string, lookup?: Lookup) => Outbound;
};

const test = base.extend<Fixtures>({
  listen: async ({}, use) => {
    const servers: Server[] = [];
    await use(async (handler = (_request, response) => response.end('secret')) => {
      const requests: Local['requests'] = [];
      const server = createServer((request, response) => {
        let body = '';
        request.setEncoding('utf8').on('data', (text: string) => (body += text));
        request.on('end', () => {
          requests.push({
            method: request.method ?? '',
            url: request.url ?? '',
            headers: request.headers,
            body,
          });
          handler(request, response, body);
        });
      }).listen(0, '127.0.0.1');
      servers.push(server);
      await once(server, 'listening');
      return { port: (server.address() as AddressInfo).port, requests };
    });
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  },
  client: async ({}, use) => {
    const clients: Outbound[] = [];
    await use((allow = '', lookup) => {
      const made = createOutbound({ allow: parseAllowList(allow), ...(lookup ? { lookup } : {}) });
      clients.push(made);
      return made;
    });
    await Promise.all(clients.map((made) => made.close()));
  },
});

/** A resolver that gives these answers in turn, and the last one for ever. */
function resolver(...answers: string[][]): Lookup & { asked: string[] } {
  const asked: string[] = [];
  const lookup: Lookup = (hostname, _options, callback) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    const addresses = answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    setImmediate(() => callback(null, addresses));
  };
  return Object.assign(lookup, { asked });
}

/** What was refused or failed, and whether trying again may help. */
async function fault(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof OutboundError)) throw new Error('It was let through.', { cause: error });
  return `${error.code}${error.retryable ? ', retryable' : ''}`;
}

const anyPort = '203.0.113.0/24';

describe('the outbound client', () => {
  test.for([
    ['loopback', 'http://127.0.0.1/'],
    ['loopback that is not .0.0.1', 'http://127.8.9.10/'],
    ['loopback in decimal', 'http://2130706433/'],
    ['loopback in hexadecimal', 'http://0x7f000001/'],
    ['loopback in octal', 'http://017700000001/'],
    ['loopback in parts of several bases', 'http://0x7f.0.0.01/'],
    ['loopback with parts left out', 'http://127.1/'],
    ['loopback in full-width digits', 'http://１２７.０.０.１/'],
    ['loopback in circled digits', 'http://①②⑦.⓪.⓪.①/'],
    ['loopback with ideographic full stops', 'http://127。0。0。1/'],
    ['loopback in percent-encoding', 'http://%31%32%37.0.0.1/'],
    ['loopback with a dot at the end', 'http://127.0.0.1./'],
    ['loopback behind a backslash', 'http:\\\\127.0.0.1\\'],
    ['loopback behind too many slashes', 'http:////127.0.0.1/'],
    ['loopback without slashes', 'http:127.0.0.1'],
    ['loopback before a fragment that looks like a host', 'http://127.0.0.1#@acme.example/'],
    ['loopback before a query that looks like a host', 'http://127.0.0.1?@acme.example/'],
    ['loopback behind soft hyphens', 'http://127.\u00ad0.0.1/'],
    ['loopback with a tab in it', 'http://127.0\t.0.1/'],
    ['unspecified', 'http://0.0.0.0/'],
    ['unspecified as a bare zero', 'http://0/'],
    ['"this network"', 'http://0.1.2.3/'],
    ['private 10', 'http://10.0.0.1/'],
    ['private 172.16', 'http://172.16.0.1/'],
    ['private 192.168', 'http://192.168.0.1/'],
    ['private in decimal', 'http://3232235521/'],
    ['metadata of most clouds', 'http://169.254.169.254/latest/meta-data/'],
    ['metadata in decimal', 'http://2852039166/'],
    ['metadata in hexadecimal parts', 'http://0xa9.0xfe.0xa9.0xfe/'],
    ['metadata in octal parts', 'http://0251.0376.0251.0376/'],
    ['metadata of Alibaba, which is carrier-grade NAT', 'http://100.100.100.200/'],
    ['metadata of Oracle', 'http://192.0.0.192/'],
    ['metadata of Azure, whose number is public', 'http://168.63.129.16/'],
    ['metadata of AWS over IPv6', 'http://[fd00:ec2::254]/'],
    ['carrier-grade NAT', 'http://100.64.0.1/'],
    ['benchmarking', 'http://198.18.0.1/'],
    ['documentation', 'http://203.0.113.1/'],
    ['multicast', 'http://224.0.0.1/'],
    ['reserved', 'http://240.0.0.1/'],
    ['broadcast', 'http://255.255.255.255/'],
    ['6to4 relay', 'http://192.88.99.1/'],
    ['IPv6 loopback', 'http://[::1]/'],
    ['IPv6 loopback written out', 'http://[0000:0000:0000:0000:0000:0000:0000:0001]/'],
    ['IPv6 unspecified', 'http://[::]/'],
    ['IPv4-mapped loopback', 'http://[::ffff:127.0.0.1]/'],
    ['IPv4-mapped metadata in hexadecimal', 'http://[::ffff:a9fe:a9fe]/'],
    ['IPv4-compatible loopback', 'http://[::127.0.0.1]/'],
    ['IPv4-translated loopback', 'http://[::ffff:0:127.0.0.1]/'],
    ['NAT64 of loopback', 'http://[64:ff9b::127.0.0.1]/'],
    ['NAT64 of metadata', 'http://[64:ff9b::a9fe:a9fe]/'],
    ['local NAT64', 'http://[64:ff9b:1::7f00:1]/'],
    ['NAT64 of a private address in full', 'http://[0064:ff9b:0:0:0:0:10.0.0.1]/'],
    ['6to4 of a private address', 'http://[2002:a00:1::]/'],
    ['ORCHID', 'http://[2001:10::1]/'],
    ['newer IPv6 documentation', 'http://[3fff::1]/'],
    ['segment routing', 'http://[5f00::1]/'],
    ['6to4 of loopback', 'http://[2002:7f00:1::]/'],
    ['Teredo', 'http://[2001::7f00:1]/'],
    ['IPv6 link-local', 'http://[fe80::1]/'],
    ['IPv6 site-local', 'http://[fec0::1]/'],
    ['IPv6 unique local', 'http://[fc00::1]/'],
    ['IPv6 multicast', 'http://[ff02::1]/'],
    ['IPv6 discard', 'http://[100::1]/'],
    ['IPv6 documentation', 'http://[2001:db8::1]/'],
    ['IPv6 outside the global range', 'http://[4000::1]/'],
  ] as const)('refuses a literal address: %s', async ([, url]) => {
    const client = createOutbound({ allow: [] });
    expect(await fault(client.check(url))).toBe('address-refused');
    expect(await fault(client.fetch(url))).toBe('address-refused');
    await client.close();
  });

  test.for([
    ['a file', 'file:///etc/passwd', 'bad-scheme'],
    ['FTP', 'ftp://acme.example/', 'bad-scheme'],
    ['Gopher', 'gopher://acme.example/_x', 'bad-scheme'],
    ['data', 'data:text/plain,x', 'bad-scheme'],
    ['JavaScript', 'javascript:alert(1)', 'bad-scheme'],
    ['a blob', 'blob:https://acme.example/1', 'bad-scheme'],
    ['a user name that looks like a host', 'https://acme.example@127.0.0.1/', 'has-credentials'],
    ['a user name and password', 'https://user:secret@acme.example/', 'has-credentials'],
    ['an empty user name with a password', 'https://:secret@acme.example/', 'has-credentials'],
    ['a zone in an IPv6 address', 'http://[fe80::1%25eth0]/', 'bad-url'],
    ['a relative URL', '/hooks/1', 'bad-url'],
    ['no URL', 'not a url', 'bad-url'],
    ['nothing', '', 'bad-url'],
    ['an address beyond 32 bits', 'http://4294967296/', 'bad-url'],
    ['a port out of range', 'http://acme.example:65536/', 'bad-url'],
    ['mail', 'http://acme.example:25/', 'port-refused'],
    ['SSH', 'https://acme.example:22/', 'port-refused'],
    ['Redis', 'http://acme.example:6379/', 'port-refused'],
    ['Postgres', 'http://acme.example:5432/', 'port-refused'],
  ] as const)('refuses %s', async ([, url, code]) => {
    const client = createOutbound({ allow: [], lookup: resolver(['93.184.215.14']) });
    expect(await fault(client.check(url))).toBe(code);
    expect(await fault(client.fetch(url))).toBe(code);
    await client.close();
  });

  test.for([
    ['loopback', ['127.0.0.1']],
    ['metadata', ['169.254.169.254']],
    ['IPv6 loopback', ['::1']],
    ['IPv4-mapped loopback', ['::ffff:127.0.0.1']],
    ['an IPv6 zone', ['fe80::1%eth0']],
    ['a public and a private address', ['93.184.215.14', '10.0.0.1']],
    ['NAT64 of a private address', ['64:ff9b::a00:1']],
    ['6to4 of loopback', ['2002:7f00:1::']],
    ['carrier-grade NAT', ['100.64.0.1']],
    ['broadcast', ['255.255.255.255']],
    ['unspecified', ['0.0.0.0']],
    ['what is no address', ['localhost']],
    ['a private address behind a public IPv6 one', ['2606:4700::1111', '192.168.0.1']],
  ] as const)('refuses a name that resolves to %s', async ([, addresses]) => {
    const client = createOutbound({ allow: [], lookup: resolver([...addresses]) });
    expect(await fault(client.check('https://acme.example/'))).toBe('address-refused');
    expect(await fault(client.fetch('https://acme.example/'))).toBe('address-refused');
    await client.close();
  });

  test.for([
    'https://93.184.215.14/',
    'http://1.1.1.1:8080/',
    'https://[2606:4700:4700::1111]/',
    'https://[64:ff9b::101:101]/',
    'https://acme.example/hooks/1?x=y#z',
    'https://bücher.example/',
    'HTTPS://ACME.EXAMPLE.:8443/',
  ])('accepts %s', async (url) => {
    const client = createOutbound({ allow: [], lookup: resolver(['93.184.215.14', '2606:4700::1111']) });
    await expect(client.check(url)).resolves.toBeUndefined();
    await client.close();
  });

  test.for(['localhost', 'LOCALHOST', 'ｌｏｃａｌｈｏｓｔ', 'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ', 'local\u00adhost', 'l%6fcalhost'])(
    'refuses the real name localhost, by the address that the system gives it, as %s',
    async (name, { client }) => {
      expect(await fault(client().check(`http://${name}/`))).toBe('address-refused');
      expect(await fault(client().fetch(`http://${name}/`))).toBe('address-refused');
    },
  );

  test('takes a name with a dot at its end for the same name', async ({ client }) => {
    const outbound = client('', resolver(['127.0.0.1']));
    expect(await fault(outbound.check('https://inside.example./'))).toBe('address-refused');
    expect(await fault(outbound.fetch('https://inside.example./'))).toBe('address-refused');
  });

  test('calls the host that was judged where parsers disagree about it', async ({ listen, client }) => {
    const judged = await listen((_request, response) => response.end('judged'));
    const lookup = resolver(['127.0.0.1']);
    const outbound = client('judged.example', lookup);
    for (const path of [
      '\\@10.0.0.1/',
      '#@10.0.0.1/',
      '?@10.0.0.1/',
      '/@10.0.0.1/',
      '/%0d%0aHost: 10.0.0.1',
    ]) {
      const response = await outbound.fetch(`http://judged.example:${judged.port}${path}`);
      expect(await response.text(), path).toBe('judged');
    }
    expect(new Set(lookup.asked)).toEqual(new Set(['judged.example']));
    expect(new Set(judged.requests.map(({ headers }) => (headers as { host: string }).host))).toEqual(
      new Set([`judged.example:${judged.port}`]),
    );
  });

  test('judges the address again at the connection, so DNS that changes after the check is refused', async ({
    listen,
    client,
  }) => {
    const inside = await listen();
    const lookup = resolver(['93.184.215.14'], ['127.0.0.1']);
    const guarded = client(anyPort, lookup);
    await expect(guarded.check('http://rebinding.example/')).resolves.toBeUndefined();
    expect(await fault(guarded.fetch('http://rebinding.example/'))).toBe('address-refused');
    expect(await fault(guarded.fetch(`http://rebinding.example:${inside.port}/`))).toBe('address-refused');
    expect(lookup.asked).toHaveLength(3);
    expect(inside.requests).toEqual([]);

    // The same name and address get through for the client that trusts the name, so the refusals were not the network's.
    const trusting = client('rebinding.example', lookup);
    const response = await trusting.fetch(`http://rebinding.example:${inside.port}/`);
    expect(await response.text()).toBe('secret');
  });

  test.for([
    ['loopback', (port: number) => `http://127.0.0.1:${port}/`],
    ['loopback in decimal', (port: number) => `http://2130706433:${port}/`],
    ['IPv4-mapped loopback', (port: number) => `http://[::ffff:7f00:1]:${port}/`],
    ['a name of loopback', (port: number) => `http://inside.example:${port}/`],
    ['metadata', () => 'http://169.254.169.254/latest/meta-data/'],
    ['a file', () => 'file:///etc/passwd'],
    ['credentials', () => 'https://user@acme.example/'],
    ['another host by //', (port: number) => `//127.0.0.1:${port}/`],
    ['another host by ///', (port: number) => `///127.0.0.1:${port}/`],
    ['another host by backslashes', (port: number) => `\\\\127.0.0.1:${port}/`],
    ["a port that is not the web's", () => 'http://93.184.215.14:9200/'],
    ['a NAT64 address', (port: number) => `http://[64:ff9b::7f00:1]:${port}/`],
  ] as const)('refuses a redirect to %s, and asks nothing there', async ([, target], { listen, client }) => {
    const inside = await listen();
    const door = await listen((_request, response) =>
      response.writeHead(302, { location: target(inside.port) }).end(),
    );
    const outbound = client(`127.0.0.1:${door.port}, ${anyPort}`, resolver(['127.0.0.1']));
    expect(await fault(outbound.fetch(`http://127.0.0.1:${door.port}/`))).toMatch(
      /refused|bad-scheme|credentials/,
    );
    expect(door.requests).toHaveLength(1);
    expect(inside.requests).toEqual([]);
  });

  test('refuses the second of two redirects, too', async ({ listen, client }) => {
    const door: Local = await listen((request, response) =>
      response.writeHead(302, { location: request.url === '/' ? '/next' : 'http://169.254.169.254/' }).end(),
    );
    const outbound = client(`127.0.0.1:${door.port}`);
    expect(await fault(outbound.fetch(`http://127.0.0.1:${door.port}/`))).toBe('address-refused');
    expect(door.requests.map(({ url }) => url)).toEqual(['/', '/next']);
  });

  test('ends a loop of redirects', async ({ listen, client }) => {
    const loop = await listen((_request, response) => response.writeHead(302, { location: '/' }).end());
    const outbound = client(`127.0.0.1:${loop.port}`);
    expect(await fault(outbound.fetch(`http://127.0.0.1:${loop.port}/`))).toBe('too-many-redirects');
    expect(loop.requests).toHaveLength(6);
  });

  test('keeps method and body through 307, and takes no secret to another origin', async ({
    listen,
    client,
  }) => {
    const target = await listen((_request, response) => response.end('done'));
    const door = await listen((_request, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${target.port}/there` }).end(),
    );
    const outbound = client('127.0.0.1');
    const response = await outbound.fetch(`http://127.0.0.1:${door.port}/`, {
      method: 'POST',
      body: '{"a":1}',
      headers: { authorization: 'Bearer secret', 'x-api-key': 'secret', 'content-type': 'application/json' },
    });
    expect(await response.text()).toBe('done');
    expect(response.url).toBe(`http://127.0.0.1:${target.port}/there`);
    expect(response.redirected).toBe(true);
    expect(target.requests).toEqual([
      expect.objectContaining({
        method: 'POST',
        body: '{"a":1}',
        headers: expect.not.objectContaining({ authorization: expect.anything() }),
      }),
    ]);
    expect(target.requests[0]?.headers).not.toHaveProperty('x-api-key');
    expect(target.requests[0]?.headers).toHaveProperty('content-type', 'application/json');
  });

  test('turns a POST into a GET after 302 as browsers do, unless the method must be kept', async ({
    listen,
    client,
  }) => {
    const door = await listen((request, response) =>
      request.url === '/' ? response.writeHead(302, { location: '/got' }).end() : response.end('got'),
    );
    const outbound = client('127.0.0.1');
    const url = `http://127.0.0.1:${door.port}/`;
    expect(await (await outbound.fetch(url, { method: 'POST', body: 'x' })).text()).toBe('got');
    expect(door.requests.map(({ method }) => method)).toEqual(['POST', 'GET']);
    expect(await fault(outbound.fetch(url, { method: 'POST', body: 'x', keepMethod: true }))).toBe(
      'bad-redirect',
    );
  });

  test('gives a redirect as it is where that is asked for', async ({ listen, client }) => {
    const door = await listen((_request, response) =>
      response.writeHead(301, { location: 'http://10.0.0.1/' }).end(),
    );
    const response = await client('127.0.0.1').fetch(`http://127.0.0.1:${door.port}/`, {
      redirect: 'manual',
    });
    expect([response.status, response.headers.get('location')]).toEqual([301, 'http://10.0.0.1/']);
  });

  test('reads an answer up to its limit, counted after decompression', async ({ listen, client }) => {
    const bomb = gzipSync(Buffer.alloc(200_000));
    const server = await listen((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    const outbound = client('127.0.0.1');
    const url = `http://127.0.0.1:${server.port}/`;
    expect((await (await outbound.fetch(url, { maxBytes: 200_000 })).arrayBuffer()).byteLength).toBe(200_000);
    const response = await outbound.fetch(url, { maxBytes: 199_999 });
    expect(await fault(response.arrayBuffer())).toBe('too-large');
  });

  test('gives up on an answer that does not come, or does not end', async ({ listen, client }) => {
    const silent = await listen(() => undefined);
    const endless = await listen((_request, response) => {
      response.write('first');
    });
    const outbound = client('127.0.0.1');
    expect(await fault(outbound.fetch(`http://127.0.0.1:${silent.port}/`, { timeoutMs: 100 }))).toBe(
      'timeout, retryable',
    );
    const response = await outbound.fetch(`http://127.0.0.1:${endless.port}/`, { timeoutMs: 200 });
    expect(await fault(response.text())).toBe('timeout, retryable');
  });

  test('tells a lost connection and an unknown name as retryable', async ({ listen, client }) => {
    const cut = await listen((request) => request.socket.destroy());
    const outbound = client('127.0.0.1');
    expect(await fault(outbound.fetch(`http://127.0.0.1:${cut.port}/`))).toBe('connection, retryable');
    expect(await fault(outbound.fetch('http://127.0.0.1:1/'))).toBe('connection, retryable');

    const notFound: Lookup = (_hostname, _options, callback) =>
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []);
    const lost = client('', notFound);
    expect(await fault(lost.check('https://nowhere.example/'))).toBe('unknown-host, retryable');
    expect(await fault(lost.fetch('https://nowhere.example/'))).toBe('unknown-host, retryable');
  });

  test("rejects with the caller's own reason when the caller aborts", async ({ listen, client }) => {
    const silent = await listen(() => undefined);
    const reason = new Error('enough');
    const aborting = new AbortController();
    const answer = client('127.0.0.1').fetch(`http://127.0.0.1:${silent.port}/`, { signal: aborting.signal });
    aborting.abort(reason);
    await expect(answer).rejects.toBe(reason);
  });

  test('takes a Request as fetch does', async ({ listen, client }) => {
    const server = await listen((_request, response, body) => response.end(body));
    const request = new Request(`http://127.0.0.1:${server.port}/`, { method: 'PUT', body: 'as it is' });
    expect(await (await client('127.0.0.1').fetch(request)).text()).toBe('as it is');
  });
});

describe('the allow-list', () => {
  test.for([
    ['an address', '127.0.0.1', true],
    ['an address with its port', '127.0.0.1:PORT', true],
    ['an address with another port', '127.0.0.1:1', false],
    ['a range', '127.0.0.0/8', true],
    ['a range with its port', '127.0.0.0/8:PORT', true],
    ['a range with another port', '127.0.0.0/8:1', false],
    ['another range', '10.0.0.0/8', false],
    ['the name', 'HOOKS.example', true],
    ['the name with its port', 'hooks.example:PORT', true],
    ['the name with another port', 'hooks.example:1', false],
    ['a name that ends alike', 'example', false],
    ['several entries', '10.0.0.0/8, [::1]:80\n127.0.0.1', true],
    ['nothing', '', false],
  ] as const)('with %s', async ([, entries, isAllowed], { listen, client }) => {
    const { port } = await listen();
    const outbound = client(entries.replace('PORT', String(port)), resolver(['127.0.0.1']));
    const checked = outbound.check(`http://hooks.example:${port}/`);
    if (isAllowed) await expect(checked).resolves.toBeUndefined();
    else expect(await fault(checked)).toMatch(/^(address|port)-refused$/);
  });

  test('allows no other scheme and no credentials', async ({ client }) => {
    expect(await fault(client('127.0.0.1').check('http://user@127.0.0.1/'))).toBe('has-credentials');
    expect(await fault(client('127.0.0.1').check('ftp://127.0.0.1/'))).toBe('bad-scheme');
  });

  test('takes IPv6 with and without brackets', () => {
    expect(parseAllowList('::1 [::1]:9000 fd00::/8 [fd00::/8]:9000').map(({ port }) => port)).toEqual([
      undefined,
      9000,
      undefined,
      9000,
    ]);
  });

  test.for([
    'http://acme.example',
    'acme.example/path',
    '10.0.0.0/33',
    '1.2.3',
    'host:0',
    'host:65536',
    'a:b:c',
    '[acme]',
  ])('refuses "%s" by name', (entry) => {
    expect(() => parseAllowList(`127.0.0.1 ${entry}`)).toThrow(`"${entry}" is no host`);
  });
});
