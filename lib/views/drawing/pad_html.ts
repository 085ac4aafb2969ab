/** The page's half of `drawDigit`: a canvas that says what is drawn on it through a hidden text field of ipywidgets. */
import { escapeHtml } from '../../base/text';
import { colors } from '../../charts/parts/theme';
import { padSide } from './drawing_message';

/** In pixels: as thick as the strokes of MNIST where a digit fills most of the pad. */
const penWidth = 22;
/** Milliseconds: from one message to the next while the pen moves, and until a kernel that says nothing is taken for gone. */
const [pause, patience] = [150, 15_000];

/**
 * The pad shows up when its text field does: without a kernel there is none, and only the sentence is seen. Front ends
 * run the script only in notebooks that they trust.
 * @param id of the element, and class of the text field; `${id}-answer` is that of the answer
 * @param otherwise what it says where one cannot draw, as plain text
 */
export function padHtml(id: string, otherwise: string): string {
  return `<div id="${id}"><p class="otherwise">${escapeHtml(otherwise)}</p><div class="live" hidden>
<canvas width="${padSide}" height="${padSide}" role="img" aria-label="Pad to draw a digit on. Without a mouse, pen or finger, open or paste a picture of one."
 tabindex="0" style="display: block; max-width: 100%; border-radius: 6px; background: ${colors.slate}; cursor: crosshair; touch-action: none"></canvas>
<p style="margin: 6px 0"><button type="button" class="clear">Clear</button> <button type="button" class="open">Open a picture…</button>
<input type="file" accept="image/*" aria-label="Picture of a digit" hidden> <span class="remark" role="status"></span></p>
</div></div><script>${script(id)}</script>`;
}

const script = (id: string) => `(() => {
  const root = document.getElementById('${id}');
  if (!root || root.dataset.ready) return;
  root.dataset.ready = 'true';
  const [otherwise, live, pad, clear, open, file, remark] = ['.otherwise', '.live', 'canvas', '.clear', '.open', 'input', '.remark']
    .map(selector => root.querySelector(selector));
  const field = () => document.querySelector('.${id} textarea');
  const answered = () => Number(document.querySelector('.${id}-answer [data-number]')?.dataset.number ?? 0);
  const ink = pad.getContext('2d', { willReadFrequently: true });
  let number = 0, last, timer, waiting, shows = false;

  const connect = () => {
    if (!root.isConnected) return;
    const found = Boolean(field());
    live.hidden = !found;
    otherwise.hidden = found;
    if (found) number = Math.max(number, answered());
    else setTimeout(connect, 300);
  };
  connect();

  const send = (kind, canvas) => {
    clearTimeout(timer);
    timer = undefined;
    const target = field();
    if (!target) return connect();
    const png = canvas ? canvas.toDataURL('image/png').split(',')[1] : '';
    const text = JSON.stringify({ number: ++number, kind, png });
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(target, text);
    for (const type of ['input', 'change']) target.dispatchEvent(new Event(type, { bubbles: true }));
    remark.textContent = '';
    clearTimeout(waiting);
    const sent = number;
    waiting = setTimeout(() => {
      if (answered() < sent) remark.textContent = 'No answer: the kernel is busy, or was restarted; then run the cell again.';
    }, ${patience});
  };
  const erase = () => {
    shows = false;
    ink.clearRect(0, 0, ${padSide}, ${padSide});
  };
  const line = ({ clientX, clientY }) => {
    const { left, top, width, height } = pad.getBoundingClientRect();
    const to = { x: (clientX - left) / width * ${padSide}, y: (clientY - top) / height * ${padSide} };
    last ??= to;
    Object.assign(ink, { lineWidth: ${penWidth}, lineCap: 'round', strokeStyle: '${colors.onDark}' });
    ink.beginPath();
    ink.moveTo(last.x, last.y);
    ink.lineTo(to.x, to.y);
    ink.stroke();
    last = to;
    timer ??= setTimeout(() => send('drawing', pad), ${pause});
  };
  pad.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    event.preventDefault();
    pad.focus();
    if (shows) erase();
    pad.setPointerCapture(event.pointerId);
    last = undefined;
    line(event);
  });
  pad.addEventListener('pointermove', event => {
    if (!last) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) line(each);
  });
  for (const end of ['pointerup', 'pointercancel']) pad.addEventListener(end, () => {
    if (last) send('drawing', pad);
    last = undefined;
  });
  clear.addEventListener('click', () => {
    erase();
    send('drawing');
  });

  const show = async blob => {
    if (!blob) return;
    try {
      const bitmap = await createImageBitmap(blob);
      const scale = Math.min(1, ${padSide} / Math.max(bitmap.width, bitmap.height));
      const picture = document.createElement('canvas');
      [picture.width, picture.height] = [bitmap.width, bitmap.height].map(side => Math.max(1, Math.round(side * scale)));
      picture.getContext('2d').drawImage(bitmap, 0, 0, picture.width, picture.height);
      erase();
      shows = true;
      const large = ${padSide} / Math.max(picture.width, picture.height);
      const [w, h] = [picture.width * large, picture.height * large];
      ink.drawImage(picture, (${padSide} - w) / 2, (${padSide} - h) / 2, w, h);
      send('picture', picture);
    } catch {
      remark.textContent = 'Expected a picture that this browser can read: try a PNG.';
    }
  };
  open.addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    void show(file.files[0]);
    file.value = '';
  });
  pad.addEventListener('paste', event => void show(event.clipboardData?.files[0]));
  pad.addEventListener('dragover', event => event.preventDefault());
  pad.addEventListener('drop', event => {
    event.preventDefault();
    void show(event.dataTransfer?.files[0]);
  });
})();`;
