/** Start the kernel: `node --enable-source-maps kernel/launch.js <connection file>`, as kernel.json says. */
'use strict';
require('./load_typescript');
require('./compiler/load_compiler').loadCompiler();
require('./main').main(process.argv[2]);
