/** An element of a parsed document; the types of the browser are not among this project's. */
export interface XmlElement {
  readonly namespaceURI: string;
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): XmlElement | null;
  querySelectorAll(selector: string): Iterable<XmlElement>;
}

interface Jsdom {
  JSDOM: new (
    text: string,
    options?: { contentType: string },
  ) => { window: { document: { documentElement: XmlElement } } };
}

// eslint-disable-next-line @typescript-eslint/no-require-imports -- its types need those of the browser
const { JSDOM } = require('jsdom') as Jsdom;

/** Parse as a browser that opens an SVG file: an error if it is not well-formed. */
export function parseSvg(text: string): XmlElement {
  return new JSDOM(text, { contentType: 'image/svg+xml' }).window.document.documentElement;
}

/** Parse as a browser that opens a page; scripts do not run. */
export function parseHtml(text: string): XmlElement {
  return new JSDOM(text).window.document.documentElement;
}
