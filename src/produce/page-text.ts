import { load } from 'cheerio';
import { compile } from 'html-to-text';

import type { PageContent } from './store.ts';

// A long page is 100,000 characters; a prompt takes a part of that (etl.quoted_page).
const mostCharacters = 100_000;
const mostLinks = 1_000;
const mostLabel = 500;

const toText = compile({
  wordwrap: false,
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
    { selector: 'button', format: 'block' },
  ],
});

/**
 * What a person would read on a page: its text with the labels of buttons and links (they tell how a company sells),
 * its title and description, and its links with absolute addresses.
 */
export function pageContent(html: string, address: string): PageContent {
  const $ = load(html);
  const title = clean($('title').first().text());
  const description =
    ['meta[name="description" i]', 'meta[property="og:description" i]', 'meta[name="twitter:description" i]']
      .flatMap((selector) => $(selector).toArray())
      .map((meta) => clean($(meta).attr('content') ?? ''))
      .find((content) => content !== null) ?? null;
  const base = URL.parse($('base[href]').first().attr('href') ?? '', address)?.href ?? address;
  // ix:header holds the machine-readable facts of a filing, which nobody sees.
  $(
    'script, style, template, svg, iframe, object, noscript, head, [hidden], [aria-hidden="true"], ix\\:header',
  ).remove();
  // What a button says can stand in an attribute.
  $('input[type=submit], input[type=button]').each((_, input) => {
    $(input).replaceWith($('<button></button>').text($(input).attr('value') ?? ''));
  });
  $('a[aria-label], button[aria-label]').each((_, control) => {
    if ($(control).text().trim() === '') $(control).text($(control).attr('aria-label') ?? '');
  });

  const links: PageContent['links'] = [];
  $('a[href]').each((_, anchor) => {
    const target = URL.parse($(anchor).attr('href') ?? '', base);
    const text = clean($(anchor).text()) ?? clean($(anchor).find('img[alt]').first().attr('alt') ?? '');
    if (text !== null && target !== null && /^https?:$/.test(target.protocol) && links.length < mostLinks) {
      links.push({ text: text.slice(0, mostLabel), href: target.href });
    }
  });
  const text = tidy(toText($.html()));
  return {
    title,
    description,
    text: text.slice(0, mostCharacters).toWellFormed(),
    links,
    is_cut: text.length > mostCharacters,
  };
}

/** The content of a page that is plain text. */
export function plainContent(text: string): PageContent {
  const clipped = tidy(text);
  return {
    title: null,
    description: null,
    text: clipped.slice(0, mostCharacters).toWellFormed(),
    links: [],
    is_cut: clipped.length > mostCharacters,
  };
}

/** One line without runs of blanks; null when nothing is left. */
function clean(text: string): string | null {
  const line = text.replaceAll('\0', '').toWellFormed().replace(/\s+/g, ' ').trim();
  return line === '' ? null : line.slice(0, 2_000);
}

function tidy(text: string): string {
  return text
    .replaceAll('\0', '')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
