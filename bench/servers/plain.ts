import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Listening } from './listening.js';
import { sampleTexts } from './sample.js';

/** Bare Node http with the gateways' answers ready as text: what is measured is the way there. */
export function serveBare(): Promise<Listening> {
  const texts = sampleTexts();
  return listen((request, response) => {
    const body = texts.get(request.url!)!;
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Content-Length', Buffer.byteLength(body));
    response.end(body);
  });
}

/** An empty Express app with the same answers. */
export function serveExpress(): Promise<Listening> {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  for (const [path, body] of sampleTexts()) {
    app.get(path, (_request, response) => {
      response.type('application/json').send(body);
    });
  }
  return listen(app);
}

function listen(handler: RequestListener): Promise<Listening> {
  const server = createServer(handler);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve({ http: (server.address() as AddressInfo).port }));
  });
}
