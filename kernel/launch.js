/** Start the kernel: `node --enable-source-maps kernel/launch.js <connection file>`, as kernel.json says. */
'use strict';
require('./load_typescript');
require('./main').main(process.argv[2]);
