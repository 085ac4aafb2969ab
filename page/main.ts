/** Where the browser starts: the data of the file, a backend, the network and the page around it. */
import { showAbout } from './about';
import { App } from './app';
import { dataIds, type PageContents } from './contents';
import { byId, dataBytes, dataText } from './dom';
import { fromHalf } from './half';
import { Network } from './network';
import { backends, type Backend } from './backends';
import { setBinary, useBackend } from './tensorflow';

async function start(): Promise<void> {
  const contents = JSON.parse(dataText(dataIds.contents)) as PageContents;
  showAbout(contents);
  await setBinary(dataBytes(dataIds.wasm));
  const backend = await firstBackend();
  const { buffer } = dataBytes(dataIds.weights);
  const weights =
    contents.format === 'float16' ? fromHalf(new Uint16Array(buffer)) : new Float32Array(buffer);
  const network = new Network(contents, weights);
  const app = new App(contents, network, backend);
  // For the tests, and for whoever opens the console.
  Object.assign(globalThis, { scanline: { app, network } });
  document.documentElement.dataset.ready = 'true';
}

async function firstBackend(): Promise<Backend> {
  for (const backend of Object.keys(backends) as Backend[]) if (await useBackend(backend)) return backend;
  throw new Error('Expected a browser that can compute at least in plain JavaScript');
}

start().catch((error: unknown) => {
  byId('remark', HTMLElement).textContent = `This page does not work here: ${String(error)}`;
  throw error;
});
