'use strict';
// Egg writes its configuration to run/application_config.json and run/agent_config.json. The token must not be in there.

/** Makes the token of the configuration invisible to whoever copies the object; it can still be read by name. */
function hideToken(config) {
  if (config && config.token !== undefined) Object.defineProperty(config, 'token', { enumerable: false });
}

module.exports = { hideToken };
