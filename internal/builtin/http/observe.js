'use strict';

// What tools hear of requests: the channels of node:diagnostics_channel, and the entries of PerformanceObserver. Loaded
// by the first request after somebody asked for either.

const { channel } = require('diagnostics_channel');
const observed = require('perf_hooks/observed');

const requestStart = channel('http.server.request.start');
const responseCreated = channel('http.server.response.created');
const responseFinish = channel('http.server.response.finish');
const clientCreated = channel('http.client.request.created');
const clientStart = channel('http.client.request.start');
const clientError = channel('http.client.request.error');
const clientFinish = channel('http.client.response.finish');

/** When the request of a client began, if entries are wanted. */
const kBegan = Symbol('http.began');

const now = () => require('perf_hooks/clock').now();

function record(name, began, req, res) {
  const { PerformanceNodeEntry, internal } = require('perf_hooks/entries');
  const entry = new PerformanceNodeEntry(internal, name, 'http', began, now() - began, { req, res });
  require('perf_hooks/observer').enqueue(entry);
}

/** A server has a request and the response to it. */
function serverRequest(server, request, response) {
  if (responseCreated.hasSubscribers) responseCreated.publish({ request, response });
  if (requestStart.hasSubscribers) requestStart.publish({ request, response, socket: request.socket, server });
  const began = observed.http ? now() : 0;
  if (began === 0 && !responseFinish.hasSubscribers) return;
  const { socket } = request;
  response.once('finish', () => {
    if (responseFinish.hasSubscribers) responseFinish.publish({ request, response, socket, server });
    if (began === 0) return;
    record(
      'HttpRequest',
      began,
      { method: request.method, url: request.url, headers: request.headers },
      { statusCode: response.statusCode, statusMessage: response.statusMessage, headers: response.getHeaders() },
    );
  });
}

function clientRequest(request) {
  if (clientCreated.hasSubscribers) clientCreated.publish({ request });
}

/** The request has been handed to the socket. */
function clientSent(request) {
  if (clientStart.hasSubscribers) clientStart.publish({ request });
  if (observed.http) request[kBegan] = now();
}

function clientFailed(request, error) {
  if (clientError.hasSubscribers) clientError.publish({ request, error });
}

function clientResponse(request, response) {
  if (clientFinish.hasSubscribers) clientFinish.publish({ request, response });
}

/** The head of the response is there. */
function clientTimed(request, response) {
  if (!observed.http || request[kBegan] === undefined) return;
  record(
    'HttpClient',
    request[kBegan],
    {
      method: request.method,
      url: `${request.protocol}//${request.host}${request.path}`,
      headers: request.getHeaders(),
    },
    { statusCode: response.statusCode, statusMessage: response.statusMessage, headers: response.headers },
  );
}

module.exports = { clientFailed, clientRequest, clientResponse, clientSent, clientTimed, serverRequest };
