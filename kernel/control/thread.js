/** Entry of the control thread, see control.ts. Plain JavaScript, as Node starts threads. */
'use strict';
const { workerData } = require('node:worker_threads');
require('../load_typescript');
void require('./control_thread').listen(workerData);
