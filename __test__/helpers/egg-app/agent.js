'use strict';

module.exports = (agent) => {
  agent.messenger.on('die', () => process.exit(1));
};
