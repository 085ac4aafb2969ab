/* global document, window, Plotly */

// Each chart's figure stands beside its picture, which it replaces.
for (const output of document.querySelectorAll('.chart')) {
  const { data, layout, config } = JSON.parse(output.querySelector('script').textContent);
  const chart = document.createElement('div');
  chart.style.height = `${layout.height ?? 450}px`; // a responsive chart is as high as the element that it is in
  output.querySelector('img').replaceWith(chart);
  Plotly.newPlot(chart, data, layout, { ...config, responsive: true });
}

// Read by MathJax, which comes next: equations in prose only, with the signs that notebooks use.
window.MathJax = {
  tex: {
    inlineMath: [
      ['$', '$'],
      ['\\(', '\\)'],
    ],
    processEscapes: true,
  },
  options: {
    ignoreHtmlClass: 'jp-Notebook',
    processHtmlClass: 'jp-RenderedMarkdown|jp-RenderedLatex',
    enableMenu: false, // some of its entries load more from the network
  },
};
