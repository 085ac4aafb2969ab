/** Texts that run as a script wherever they are taken for markup, and what tells that one did. All set `window.ran`. */
export const hostileTexts = {
  tags: '<img src="x:" onerror="window.ran=1"><script>window.ran=1</script></title></script></svg><svg onload="window.ran=1">',
  links:
    '<a href="javascript:window.ran=1">click</a> <a href="java\nscript:window.ran=1" target="_self">here</a>',
  quotes: `"'><svg onload=window.ran=1> " onmouseover="window.ran=1" x=' onclick='window.ran=1`,
  templates:
    '%{x} %{meta.description} $\\href{javascript:window.ran=1}{x}$ &lt;img src=x: onerror=window.ran=1&gt;',
};

/** In the page: click on whatever a hostile text may have become, and wait until pictures have failed. */
export const clickThrough = `(async () => {
  for (const element of document.querySelectorAll('svg text, svg tspan, svg a, td, th, p, main a:not([href^="#"])')) {
    for (const type of ['mouseover', 'click']) {
      element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true }));
    }
  }
  await new Promise(resolve => setTimeout(resolve, 200));
})()`;

/** In the page: what ran, and what could run by a click or on another page. */
export const traces = `[
  ...(window.ran === undefined ? [] : ['window.ran']),
  ...[...document.querySelectorAll('*')].flatMap(({ localName, attributes }) =>
    [...attributes]
      .filter(({ name, value }) => /^on|^srcdoc$/.test(name) || /^\\s*j\\s*a\\s*v\\s*a\\s*script:/i.test(value))
      .map(({ name, value }) => localName + ' ' + name + '=' + value)),
  ...[...document.querySelectorAll('script')].filter(script => /^window\\.ran/.test(script.textContent)).map(() => 'script'),
]`;
