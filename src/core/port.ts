import { invalid, InvalidInput } from './errors';
import { lock } from './immutable';

/** Transport protocol, in the words of the Kubernetes API. */
export enum TransportProtocol {
  /** TCP. */
  TCP = 'TCP',
  /** UDP. */
  UDP = 'UDP',
  /** SCTP. */
  SCTP = 'SCTP',
}

/** One port or a range of ports of a transport protocol. */
export class Port {
  /** A TCP port, 1 to 65535. */
  public static tcp(port: number): Port {
    return new Port(TransportProtocol.TCP, port, port);
  }

  /** A UDP port, 1 to 65535. */
  public static udp(port: number): Port {
    return new Port(TransportProtocol.UDP, port, port);
  }

  /** An SCTP port, 1 to 65535. */
  public static sctp(port: number): Port {
    return new Port(TransportProtocol.SCTP, port, port);
  }

  /** TCP ports from the first to the last, both included. */
  public static tcpRange(first: number, last: number): Port {
    return new Port(TransportProtocol.TCP, first, last);
  }

  /** UDP ports from the first to the last, both included. */
  public static udpRange(first: number, last: number): Port {
    return new Port(TransportProtocol.UDP, first, last);
  }

  private constructor(
    /** Transport protocol. */
    public readonly protocol: TransportProtocol,
    /** First port of the range. */
    public readonly first: number,
    /** Last port of the range; the first where it is a single port. */
    public readonly last: number,
  ) {
    checkPort(first, 'port');
    checkPort(last, 'port');
    if (last < first) {
      throw invalid({ property: 'port', got: `${first}-${last}`, allowed: 'a range whose last port is not below the first', fix: 'Swap the two.' });
    }
    lock(this);
  }

  /** For instance `TCP 443` or `UDP 30000-32767`. */
  public toString(): string {
    return `${this.protocol} ${this.first === this.last ? this.first : `${this.first}-${this.last}`}`;
  }
}

/**
 * Checks that ports are given as such. A bare number would come out as a port without number, which is every port.
 * @internal
 */
export function checkPorts(ports: Port[], property: string, at?: InvalidInput['at']): Port[] {
  const wrong = ports.findIndex((port) => !isPort(port));
  if (wrong >= 0) {
    throw invalid({ at, property, got: ports[wrong], allowed: 'values of Port', fix: 'Give each port as such, for instance Port.tcp(443).' });
  }
  return ports;
}

function isPort(port: Partial<Port> | null | undefined): boolean {
  return Object.values<unknown>(TransportProtocol).includes(port?.protocol) && Number.isInteger(port?.first) && Number.isInteger(port?.last);
}

/**
 * Checks a port number.
 * @internal
 */
export function checkPort(port: unknown, property: string, at?: InvalidInput['at']): number {
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65535) {
    throw invalid({ at, property, got: port, allowed: 'a whole number from 1 to 65535', fix: 'Give the port that the program listens on.' });
  }
  return port;
}
