'use strict';

module.exports = (app) => {
  app.router.get('/', app.controller.cart.show);
};
