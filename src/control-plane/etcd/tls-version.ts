/** A version of TLS. Older ones can't be expressed. */
export enum TlsVersion {
  /** RFC 5246, with forward secrecy and authenticated encryption only: for clients that know no better. */
  TLS_1_2 = '1.2',
  /** RFC 8446. */
  TLS_1_3 = '1.3',
}
