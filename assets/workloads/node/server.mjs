// A small service: each request makes its answer anew.
import http from 'node:http';

const server = http.createServer((request, response) => {
  const body = JSON.stringify({ method: request.method, path: request.url, runtime: 'Node' });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
});
server.listen(Number(process.argv[2]), '0.0.0.0');
// The first process of a container has no action for a signal unless it asks for one.
process.on('SIGTERM', () => process.exit(0));
