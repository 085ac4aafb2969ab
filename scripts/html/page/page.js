/* global document, getComputedStyle, Plotly, ResizeObserver */

// What can be scrolled can be scrolled with the keyboard, and nothing else is a stop on the way of the Tab key.
const stops = new ResizeObserver(entries => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute('tabindex');
  }
});
for (const element of document.querySelectorAll('main *')) {
  if (['auto', 'scroll'].includes(getComputedStyle(element).overflowX)) stops.observe(element);
}

/** Charts have room for their titles and legends from this width on, in pixels. */
const narrowest = 640;

/** The arrow keys, Home and End move a chart with frames along its slider, which itself takes no keys. */
function moveByKeys(chart) {
  chart.tabIndex = 0;
  chart.addEventListener('keydown', event => {
    const [{ active, steps }] = chart.layout.sliders;
    const last = steps.length - 1;
    const places = { ArrowLeft: active - 1, ArrowRight: active + 1, Home: 0, End: last };
    if (!(event.key in places)) return;
    event.preventDefault();
    Plotly.animate(chart, ...steps[Math.min(last, Math.max(0, places[event.key]))].args);
  });
}

// Each chart's figure stands beside its picture, which it replaces.
const kinds = Plotly.PlotSchema.get().traces;
for (const output of document.querySelectorAll('.chart')) {
  const { data, layout, config, frames } = JSON.parse(output.querySelector('script').textContent);
  if (!data.every(({ type = 'scatter' }) => type in kinds)) continue; // the picture stays
  const picture = output.querySelector('img');
  const chart = document.createElement('div');
  chart.setAttribute('role', 'group');
  chart.setAttribute('aria-label', frames ? `${picture.alt}. Arrow keys move through it` : picture.alt);
  if (frames) moveByKeys(chart);
  picture.replaceWith(chart);
  const height = layout.height ?? 450;
  let drawn; // the width that it was drawn for
  new ResizeObserver(() => {
    const { clientWidth } = output;
    const width = layout.width ?? Math.max(clientWidth, narrowest);
    const scale = Math.min(1, clientWidth / width);
    Object.assign(chart.style, {
      width: `${width}px`,
      transform: scale < 1 ? `scale(${scale})` : '',
      transformOrigin: 'left top',
      marginBottom: `${(scale - 1) * height}px`, // a transformed element takes up the room that it had before
    });
    if (drawn === undefined)
      Plotly.newPlot(chart, { data, layout: { ...layout, width, height }, config, frames });
    else if (drawn !== width) Plotly.relayout(chart, { width });
    drawn = width;
  }).observe(output);
}
