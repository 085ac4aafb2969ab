/**
 * Draw equations: reads a JSON list of `{ tex, display }` from its input, writes `{ css, html }` to its output, with one
 * HTML text for each equation: an SVG drawing, and MathML beside it for those who have the page read to them.
 */
const { readFileSync } = require('node:fs');
const { init } = require('mathjax');

async function main() {
  const equations = JSON.parse(readFileSync(0, 'utf8'));
  const MathJax = await init({
    loader: { load: ['input/tex-full', 'output/svg', 'a11y/assistive-mml'] },
    tex: { packages: { '[-]': ['html'] } }, // it makes links
    options: { enableAssistiveMml: true },
  });
  const { adaptor } = MathJax.startup;
  const html = [];
  for (const { tex, display } of equations) {
    html.push(adaptor.outerHTML(await MathJax.tex2svgPromise(tex, { display })));
  }
  const css = adaptor.textContent(MathJax.svgStylesheet());
  process.stdout.write(JSON.stringify({ css, html }));
}

void main();
