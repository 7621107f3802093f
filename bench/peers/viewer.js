const { createSecretKey } = require('node:crypto');
const jwt = require('jsonwebtoken');

const KEY = createSecretKey(process.env.JWT_SECRET, 'utf8');

/** The user id that a token speaks for. Throws for a bad one. */
function userIdOf(token) {
  return jwt.verify(token, KEY, { algorithms: ['HS256'] }).sub;
}

/** The same out of `Bearer …`. */
function bearerOf(authorization) {
  return userIdOf(String(authorization).replace(/^Bearer /, ''));
}

module.exports = { userIdOf, bearerOf };
