import { createServer, Server } from 'https';
import { TLSSocket } from 'tls';
import { Machine } from './machine';

/** Receives batches of audit records from whoever shows a certificate of its CA. */
export class AuditCollector {
  static async start(machine: Machine, port: number): Promise<AuditCollector> {
    const collector = new AuditCollector();
    collector.server = createServer({
      cert: machine.read('/collector.crt'), key: machine.read('/collector.key'), ca: machine.read('/collector-ca.crt'), requestCert: true, rejectUnauthorized: true,
    }, (request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk) => text += chunk).on('end', () => {
        collector.clients.add(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
        collector.batches.push(JSON.parse(text).items);
        response.end();
      });
    });
    collector.server.on('tlsClientError', () => collector.refusals += 1);
    await new Promise<void>((resolve) => collector.server!.listen(port, '127.0.0.1', resolve));
    return collector;
  }

  readonly batches: any[][] = [];
  readonly clients = new Set<string>();
  /** Handshakes that failed, on either side. */
  refusals = 0;
  private server?: Server;

  get events(): any[] {
    return this.batches.flat();
  }

  async stop(): Promise<void> {
    this.server!.closeAllConnections();
    await new Promise((resolve) => this.server!.close(resolve));
  }
}
