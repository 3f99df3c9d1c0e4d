// A thread's entry must be plain JavaScript: it is started both by node and by test runners, whose own transforms do not
// reach into threads. Loading the compiler takes some 0.3 s, little against the large spaces that get a thread.
'use strict';
require('tsx/cjs');
require('./thread.ts');
