/** The elements of page.html, and new ones. */

/** The element with this id, of this class. */
export function byId<T extends Element>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`Expected an element ${type.name} with the id ${id} in page.html`);
}

/** @param properties such as textContent and className; children come after them */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function context(canvas: HTMLCanvasElement, options?: CanvasRenderingContext2DSettings) {
  const found = canvas.getContext('2d', options);
  if (!found) throw new Error('Expected a browser that draws on a canvas');
  return found;
}

/** The text of a data block. */
export const dataText = (id: string): string => byId(id, HTMLScriptElement).textContent ?? '';

/** The bytes of a data block, written as base64. */
export function dataBytes(id: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(dataText(id).trim()), character => character.charCodeAt(0));
}
