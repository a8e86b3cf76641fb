'use strict';

/** Preloaded by a child: somebody freezes `process`, as soon as Node has started. */
Object.freeze(process);
