import { mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { bytesField, concat, event, fileVersion, record } from '../../tfjs/event_records';
import type { Graph } from './graph';
import { toGraphDef } from './saved_model';

/**
 * An event file with the graph, for TensorBoard's page Graphs; a folder shows the one that was written last.
 * @param folder is made if it is missing
 */
export function writeGraphEvent(folder: string, graph: Graph): void {
  mkdirSync(folder, { recursive: true });
  const definition = bytesField(4, toGraphDef(graph).serializeBinary()); // Event.graph_def
  const records = [fileVersion(), event(0, Date.now(), definition)].map(record);
  const name = `events.out.tfevents.${Math.floor(Date.now() / 1000)}.${hostname()}.${process.pid}.graph`;
  writeFileSync(join(folder, name), concat(...records));
}
