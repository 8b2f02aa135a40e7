import { WaiverTerms } from './check-results';

/** Why and by whom something is accepted, in one line. */
export function waiverText({ reason, owner, expires, ticket, approver }: WaiverTerms): string {
  const details = [
    `owner: ${owner}`,
    ...(approver === undefined ? [] : [`approved by: ${approver}`]),
    ...(ticket === undefined ? [] : [`ticket: ${ticket}`]),
    ...(expires === undefined ? [] : [`expires: ${expires}`]),
  ];
  return `${reason} (${details.join(', ')})`;
}
