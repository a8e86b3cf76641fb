'use strict';

const { Controller } = require('egg');

/** What a customer has looked at. */
class Visit {
  constructor(query) {
    this.query = query;
    this.items = Array.from({ length: 50 }, (_, item) => `item ${item} of ${query}`);
  }
}

/** The leak: every request leaves a Visit in its worker. */
const visits = [];

class CartController extends Controller {
  async show() {
    const { ctx } = this;
    visits.push(new Visit(ctx.querystring));
    ctx.body = { worker: process.pid, visits: visits.length, total: sumOf(visits) };
  }
}

/** The slow function: it counts all visits again at each request. */
function sumOf(all) {
  return all.reduce((sum, visit) => sum + visit.items.join().length, 0);
}

module.exports = CartController;
